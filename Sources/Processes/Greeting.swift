internal import Compute
internal import Spiking

/// What a plugin says about itself, as the answer to `hello`.
struct Greeting: Decodable {
  static let version = 1

  var `protocol`: Int
  var name: String
  var summary: String?
  var neurons: [Thing]?, encoders: [Thing]?

  /// A neuron or an encoder as declared.
  struct Thing: Decodable {
    var name: String, summary: String
    var equation: String?, reference: String?, details: String?
    var settings: [Setting]?
    // Neurons
    var variables: [Variable]?
    var threshold: Double?, input_unit: String?, currents: [Double]?, alphabet: String?, silent: Bool?
    // Encoders
    var monotone: Bool?
  }
  struct Variable: Decodable { var name: String, unit: String? }
  struct Setting: Decodable {
    var name: String, summary: String, `default`: Double
    var unit: String?, low: Double?, high: Double?
  }
}

/// A setting of a thing from a process: a number, perhaps with a unit and a range.
struct ProcessSetting: Sendable {
  var name: String, summary: String, preset: Quantity, range: ClosedRange<Double>?

  /// - Throws: `PluginProblem` where the declaration makes no sense.
  init(_ setting: Greeting.Setting) throws {
    guard Self.isWord(setting.name), setting.name != "name", setting.name != "seed" else {
      throw PluginProblem.declared("a setting that cannot be called '\(setting.name)'")
    }
    let symbol = setting.unit ?? ""
    guard symbol.isEmpty || Unit(symbol) != nil else {
      throw PluginProblem.declared("the unit '\(symbol)', which is not known")
    }
    func quantity(_ x: Double) -> Quantity { Unit(symbol).map { Quantity(x, $0) } ?? Quantity(x) }
    (name, summary, preset) = (setting.name, setting.summary, quantity(setting.default))
    let low = setting.low.map { quantity($0).value } ?? -.greatestFiniteMagnitude
    let high = setting.high.map { quantity($0).value } ?? .greatestFiniteMagnitude
    guard low <= high, (low...high).contains(preset.value) else {
      throw PluginProblem.declared("a default of '\(setting.name)' outside its range")
    }
    range = setting.low == nil && setting.high == nil ? nil : low...high
  }
  static func isWord(_ text: String) -> Bool {
    text.first?.isLetter == true && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }
  /// Kinds may have hyphens as well.
  static func isKind(_ text: String) -> Bool { isWord(text.filter { $0 != "-" }) && text.first?.isLetter == true }

  func description(_ value: Quantity) -> SettingDescription {
    SettingDescription(
      name: name, summary: summary, form: .number(preset.dimension), range: range, preset: value.written(digits: 12))
  }
}

/// The settings of a thing from a process, with their present values.
struct ProcessSettings: Sendable {
  var declared: [ProcessSetting], values: [Quantity]
  init(_ settings: [Greeting.Setting]) throws {
    declared = try settings.map(ProcessSetting.init)
    guard Set(declared.map(\.name)).count == declared.count else {
      throw PluginProblem.declared("two settings of one name")
    }
    values = declared.map(\.preset)
  }
  var described: [SettingDescription] { zip(declared, values).map { $0.description($1) } }
  var current: [(name: String, argument: Argument)] { zip(declared, values).map { ($0.name, .quantity($1)) } }
  var text: String { zip(declared, values).map { "\($0.name)=\($1.written(digits: 12))" }.joined(separator: " ") }
  /// In base units, as calls carry them.
  var numbers: [String: Double] {
    Dictionary(uniqueKeysWithValues: zip(declared, values).map { ($0.name, $1.value) })
  }

  func applying(_ arguments: [(name: String, argument: Argument)]) throws(SettingProblem) -> ProcessSettings {
    var copy = self
    for (name, argument) in arguments {
      guard let k = declared.firstIndex(where: { $0.name == name }) else {
        throw SettingProblem(name, .unknown(known: declared.map(\.name)))
      }
      guard case .quantity(let quantity) = argument, quantity.dimension == values[k].dimension else {
        throw SettingProblem(name, .wrongForm(.number(values[k].dimension), argument))
      }
      if let range = declared[k].range, !range.contains(quantity.value) {
        throw SettingProblem(name, .outOfRange(quantity, range))
      }
      guard quantity.value.isFinite else { throw SettingProblem(name, .refused("a finite number is needed")) }
      copy.values[k] = quantity
    }
    return copy
  }
}
