/// One named setting of a declared thing: parsing, range check, help, completion and documentation come from it.
public struct Setting<Root>: Sendable {
  public let name: String, summary: String, form: SettingForm, range: ClosedRange<Double>?
  /// Whether it may be given by position, in the order of declaration.
  public let isPositional: Bool
  /// Whether a call without it is refused.
  public let isRequired: Bool
  let apply: @Sendable (inout Root, Argument) throws(SettingProblem) -> Void
  let show: @Sendable (Root) -> Argument

  /// Declares the setting stored at `path`.
  ///
  /// - Parameters:
  ///   - form: overrides the form of the type: a `Double` with a dimension, a `String` that is a file or a layer.
  ///   - range: limits for numbers, in base units; the ends count as inside.
  public init<Value: SettingValue>(
    _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ summary: String, form: SettingForm? = nil,
    in range: ClosedRange<Double>? = nil, positional: Bool = false, required: Bool = false
  ) {
    let form = form ?? Value.form
    (self.name, self.summary, self.form, self.range) = (name, summary, form, range)
    (isPositional, isRequired) = (positional, required)
    apply = { root, argument throws(SettingProblem) in
      guard let value = Value(argument: argument) else { throw SettingProblem(name, .wrongForm(form, argument)) }
      try Self.check(argument, name, range)
      root[keyPath: path] = value
    }
    show = { $0[keyPath: path].argument }
  }

  /// Numbers lie within the range; without one they are finite.
  private static func check(_ argument: Argument, _ name: String, _ range: ClosedRange<Double>?) throws(SettingProblem)
  {
    switch argument {
    case .quantity(let q):
      if let range, !range.contains(q.value) { throw SettingProblem(name, .outOfRange(q, range)) }
      if range == nil, !q.value.isFinite { throw SettingProblem(name, .refused("a finite number is needed")) }
    case .list(let items): for item in items { try check(item, name, range) }
    default: return
    }
  }
}

/// What is wrong with a setting: a fact; the words are chosen where it is shown.
public struct SettingProblem: Error, Sendable {
  public enum Fact: Sendable {
    case unknown(known: [String])
    case wrongForm(SettingForm, Argument)
    case outOfRange(Quantity, ClosedRange<Double>)
    case missing
    /// A combination that the declared thing itself refuses.
    case refused(String)
  }
  public var name: String, fact: Fact
  public init(_ name: String, _ fact: Fact) { (self.name, self.fact) = (name, fact) }
}

/// A thing declared in Swift: a plain struct with defaults in place, its manual and its settings.
public protocol Declared: Sendable {
  init()
  static var manual: Manual { get }
  static var settings: [Setting<Self>] { get }
  /// Refuses combinations that no single setting can refuse.
  func validate() throws(SettingProblem)
}
extension Declared {
  public static var settings: [Setting<Self>] { [] }
  public func validate() throws(SettingProblem) {}

  /// The thing with settings changed, each checked; combinations are checked at the end.
  public func applying(_ arguments: [(name: String, argument: Argument)]) throws(SettingProblem) -> Self {
    var copy = self
    for (name, argument) in arguments {
      guard let setting = Self.settings.first(where: { $0.name == name }) else {
        throw SettingProblem(name, .unknown(known: Self.settings.map(\.name)))
      }
      try setting.apply(&copy, argument)
    }
    try copy.validate()
    return copy
  }
  /// Every setting with its present value, in the order of declaration.
  public var currentSettings: [(name: String, argument: Argument)] {
    Self.settings.map { ($0.name, $0.show(self)) }
  }
}

/// A setting without the type it belongs to: what help, completion and documentation see.
public struct SettingDescription: Sendable {
  public var name: String, summary: String, form: SettingForm, range: ClosedRange<Double>?
  public var isPositional: Bool, isRequired: Bool
  /// The default as a user would write it; empty where there is none.
  public var preset: String

  public init(
    name: String, summary: String, form: SettingForm, range: ClosedRange<Double>? = nil, isPositional: Bool = false,
    isRequired: Bool = false, preset: String = ""
  ) {
    (self.name, self.summary, self.form, self.range) = (name, summary, form, range)
    (self.isPositional, self.isRequired, self.preset) = (isPositional, isRequired, preset)
  }
  public init<Root: Declared>(_ setting: Setting<Root>, of root: Root) {
    self.init(
      name: setting.name, summary: setting.summary, form: setting.form, range: setting.range,
      isPositional: setting.isPositional, isRequired: setting.isRequired,
      preset: setting.isRequired ? "" : setting.show(root).written)
  }
}
extension Declared {
  /// The settings with their defaults, for help and documentation.
  public static var described: [SettingDescription] {
    let root = Self()
    return settings.map { SettingDescription($0, of: root) }
  }
}
