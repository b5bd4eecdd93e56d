/// A value given to a setting, before the setting has looked at it.
public enum Argument: Sendable {
  case quantity(Quantity)
  case text(String)
  case flag(Bool)
  case list([Argument])
  /// A value of the laboratory (a neuron, a data set, a model, …) that only its own setting can read.
  case object(any Sendable)

  /// The argument as a user would write it; objects by their type only.
  public var written: String {
    switch self {
    case .quantity(let quantity): quantity.written(digits: 12)
    case .text(let text): text
    case .flag(let flag): flag ? "true" : "false"
    case .list(let items): "[" + items.map(\.written).joined(separator: " ") + "]"
    case .object(let object): "\(type(of: object))"
    }
  }
}

/// What kind of value a setting takes: enough to check, complete and document it.
public indirect enum SettingForm: Sendable, Equatable {
  case number(Dimension)
  /// A whole number without unit.
  case count
  /// A duration, or a whole number of steps: the unit tells which.
  case timeOrSteps
  case flag
  case text
  /// A name to be given, written without quotes: `name=hidden`.
  case name
  /// One of some words; others are understood and not listed.
  case choice([String], also: [String] = [])
  /// A file to be read or written, with the endings it may have (none: any).
  case file(endings: [String], isWritten: Bool)
  /// A layer of the incoming model, by name.
  case layer
  /// A column of the incoming table.
  case column
  /// A list of values of one form; a single value counts as a list of one.
  case list(SettingForm)
  /// Either of two forms, tried in order.
  case either(SettingForm, SettingForm)
  /// A value of the laboratory, by the name of its type: "dataset", "neuron".
  case value(String)
  /// A number with any unit.
  case quantity
  /// A kind of a family ("neuron"), or a value made from one.
  case kind(String)

  /// How help and diagnostics name the form: "a time", "a whole number", "one of a, b".
  public var noun: String {
    switch self {
    case .number(let dimension): dimension == .none ? "a number" : dimension.noun
    case .count: "a whole number"
    case .timeOrSteps: "a time or a number of steps"
    case .flag: "true or false"
    case .text: "a text"
    case .name: "a name"
    case .choice(let names, _): "one of \(names.joined(separator: ", "))"
    case .file: "a file name"
    case .layer: "a layer"
    case .column: "a column"
    case .list(let form): "a list: \(form.noun)"
    case .either(let a, let b): "\(a.noun), or \(b.noun)"
    case .value(let name): "a \(name)"
    case .quantity: "a number with its unit"
    case .kind(let family): "a kind of \(family)"
    }
  }
}
