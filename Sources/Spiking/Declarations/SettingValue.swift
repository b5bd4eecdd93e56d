/// A type that a setting can have: how it is read from what a user gives and written back.
public protocol SettingValue: Sendable {
  static var form: SettingForm { get }
  /// The value, or nil where the argument is not of this form.
  init?(argument: Argument)
  /// The value as a user would write it.
  var argument: Argument { get }
}

extension Double: SettingValue {
  public static var form: SettingForm { .number(.none) }
  public init?(argument: Argument) {
    guard case .quantity(let quantity) = argument, quantity.dimension == .none else { return nil }
    self = quantity.value
  }
  public var argument: Argument { .quantity(Quantity(self)) }
}
extension Int: SettingValue {
  public static var form: SettingForm { .count }
  public init?(argument: Argument) {
    guard case .quantity(let q) = argument, q.dimension == .none, let whole = Int(exactly: q.value) else { return nil }
    self = whole
  }
  public var argument: Argument { .quantity(Quantity(Double(self))) }
}
extension Bool: SettingValue {
  public static var form: SettingForm { .flag }
  public init?(argument: Argument) {
    guard case .flag(let flag) = argument else { return nil }
    self = flag
  }
  public var argument: Argument { .flag(self) }
}
extension String: SettingValue {
  public static var form: SettingForm { .text }
  public init?(argument: Argument) {
    guard case .text(let text) = argument else { return nil }
    self = text
  }
  public var argument: Argument { .text(self) }
}
extension Time: SettingValue {
  public static var form: SettingForm { .number(.time) }
  public init?(argument: Argument) {
    guard case .quantity(let quantity) = argument, quantity.dimension == .time else { return nil }
    self.init(seconds: quantity.value)
  }
  public var argument: Argument { .quantity(Quantity(seconds, .time)) }
}
extension Quantity: SettingValue {
  public static var form: SettingForm { .quantity }
  public init?(argument: Argument) {
    guard case .quantity(let quantity) = argument else { return nil }
    self = quantity
  }
  public var argument: Argument { .quantity(self) }
}
extension Optional: SettingValue where Wrapped: SettingValue {
  public static var form: SettingForm { Wrapped.form }
  public init?(argument: Argument) {
    guard let value = Wrapped(argument: argument) else { return nil }
    self = value
  }
  public var argument: Argument { self?.argument ?? .text("") }
}
extension Array: SettingValue where Element: SettingValue {
  public static var form: SettingForm { .list(Element.form) }
  public init?(argument: Argument) {
    guard case .list(let items) = argument else {
      guard let single = Element(argument: argument) else { return nil }
      self = [single]
      return
    }
    let read = items.compactMap { Element(argument: $0) }
    guard read.count == items.count else { return nil }
    self = read
  }
  public var argument: Argument { .list(map(\.argument)) }
}

/// A point in a run, as a time or as a count of steps.
public enum TimeOrSteps: SettingValue, Hashable {
  case time(Time), steps(Int)

  public static var form: SettingForm { .timeOrSteps }
  public init?(argument: Argument) {
    if let time = Time(argument: argument) {
      self = .time(time)
    } else if let n = Int(argument: argument) {
      self = .steps(n)
    } else {
      return nil
    }
  }
  public var argument: Argument {
    switch self {
    case .time(let time): time.argument
    case .steps(let n): n.argument
    }
  }
  public func steps(of dt: Time) -> Int {
    switch self {
    case .time(let time): time.steps(of: dt)
    case .steps(let n): n
    }
  }
}

/// A setting with named choices: an enumeration of strings conforms by declaring it.
public protocol Choice: SettingValue, RawRepresentable, CaseIterable where RawValue == String {
  /// Other words that are understood, each with the choice it stands for.
  static var synonyms: [String: Self] { get }
}
extension Choice {
  public static var synonyms: [String: Self] { [:] }
  public static var form: SettingForm { .choice(allCases.map(\.rawValue), also: synonyms.keys.sorted()) }
  public init?(argument: Argument) {
    guard case .text(let word) = argument, let choice = Self(rawValue: word) ?? Self.synonyms[word] else { return nil }
    self = choice
  }
  public var argument: Argument { .text(rawValue) }
}
