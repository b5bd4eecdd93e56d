internal import Language
internal import Spiking

/// All wording of binder, checker and evaluator.
enum EngineMessages {
  // MARK: Names

  static func unknownName(_ word: String, candidates: [String], _ span: Span) -> Diagnostic {
    let habits = [
      "print": "a line that is just a name shows what it holds", "exit": "write quit, or press ^D",
      "echo": "a line that is just a name shows what it holds", "ls": "write names", "load_data": "write data mnist",
      "import": "everything is there already; write help", "show": "a line that is just a name shows it in full",
      "fit": "write train", "test": "write evaluate", "range": "a range is written 0..4 by 0.5",
    ]
    if let help = activation(word) {
      return Diagnostic("name.unknown", "nothing is called '\(word)'", at: span, help: help)
    }
    let guess =
      Reserved.functions.contains(word)
      ? "a function's bracket follows without a blank, as in: \(word)(4)"
      : Spelling.nearest(to: word, among: candidates).map { "did you mean '\($0)'?" }
    return Diagnostic("name.unknown", "nothing is called '\(word)'", at: span, help: habits[word] ?? guess)
  }
  /// Activations of other programs, where a layer of that name is looked for.
  private static func activation(_ word: String) -> String? {
    let known: Set = [
      "tanh", "sigmoid", "softmax", "gelu", "elu", "selu", "silu", "swish", "softplus", "leaky_relu", "leakyrelu",
    ]
    guard known.contains(word.lowercased()) else { return nil }
    let layer = "as a layer there is relu, the rectifier that convert can turn into spikes"
    return Reserved.functions.contains(word) ? "\(layer); as a function: \(word)(4)" : layer
  }
  static func hyphenatedWord(_ word: String, _ span: Span) -> Diagnostic {
    let op = word.contains("-") ? "-" : "/"
    let spaced = word.split(separator: op == "-" ? "-" : "/").joined(separator: " \(op) ")
    return Diagnostic(
      "name.word", "'\(word)' is one word, and nothing of that name is bound", at: span,
      help: "for a \(op == "-" ? "difference" : "quotient") write \(spaced)")
  }
  static func verbCannotBeBound(_ word: String, _ span: Span) -> Diagnostic {
    Diagnostic("name.verb", "'\(word)' is a verb and cannot be bound", at: span)
  }
  static func reservedCannotBeBound(_ word: String, _ span: Span) -> Diagnostic {
    Diagnostic("name.reserved", "'\(word)' is a word of the language and cannot be bound", at: span)
  }
  static func unknownField(_ field: String, of name: String, known: [String], _ span: Span) -> Diagnostic {
    Diagnostic("name.field", "'\(name)' has no field '\(field)'", at: span, help: guess(field, known))
  }
  static func unknownColumn(_ word: String, known: [String], container: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "name.column", "the \(container) has no \(container == "table" ? "column" : "field") '\(word)'", at: span,
      help: spaced(word, known) ?? guess(word, known))
  }
  /// `value/2` is one word; what was meant, where it begins with something known.
  private static func spaced(_ word: String, _ known: [String]) -> String? {
    guard let sign = word.firstIndex(where: { $0 == "-" || $0 == "/" }), known.contains(String(word[..<sign])) else {
      return nil
    }
    let noun = word[sign] == "-" ? "difference" : "quotient"
    return "for a \(noun) write \(word[..<sign]) \(word[sign]) \(word[word.index(after: sign)...])"
  }
  static func unknownLayer(_ word: String, known: [String], _ span: Span) -> Diagnostic {
    Diagnostic("name.layer", "the model has no layer '\(word)'", at: span, help: guess(word, known))
  }
  static func unknownKind(_ word: String, verb: String, kinds: [String], _ span: Span) -> Diagnostic {
    Diagnostic("name.choice", "'\(word)' is not \(familyNoun(verb))", at: span, help: guess(word, kinds))
  }
  static func kindMissing(_ verb: String, kinds: [String], _ span: Span) -> Diagnostic {
    Diagnostic("name.kind", "'\(verb)' needs to know which: \(kinds.alternatives)", at: span)
  }
  static func unknownChoice(_ word: String, setting: String, choices: [String], _ span: Span) -> Diagnostic {
    Diagnostic("name.choice", "'\(word)' is not a choice for '\(setting)'", at: span, help: guess(word, choices))
  }
  static func neuronExists(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("name.taken", "there is a neuron '\(name)' already", at: span, help: "choose another name")
  }
  static func parameterNotANumber(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("equation.parameter", "the default of '\(name)' must be a number", at: span, help: "write \(name)=20ms")
  }
  static func choiceTaken(_ word: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "name.both", "'\(word)' is also a bound name; the choice was taken", at: span,
      help: "write (\(word)) for the name", severity: .note)
  }
  static func nothingBound(_ word: String, candidates: [String], _ span: Span) -> Diagnostic {
    Diagnostic(
      "name.unbound", "nothing is bound to '\(word)'", at: span,
      help: Spelling.nearest(to: word, among: candidates).map { "did you mean '\($0)'?" })
  }
  static func quoteText(_ word: String, setting: String, _ span: Span) -> Diagnostic {
    Diagnostic("text.quotes", "'\(setting)' is a text, and texts stand in quotes", at: span, help: "write \"\(word)\"")
  }
  static func unchanged(_ name: String, _ type: ValueType, _ span: Span) -> Diagnostic {
    Diagnostic(
      "name.unchanged", "'\(name)' is still the \(type.rawValue) before this line", at: span,
      help: "to keep this one: let \(name) = _", severity: .note)
  }
  static func cannotTrain(_ trainer: String, _ missing: Missing, _ advice: TrainingAdvice?) -> Diagnostic {
    Diagnostic(
      "capability", "'\(trainer)' needs \(missing.capability); \(place(missing)) has none",
      help: advice.flatMap { advice in
        switch advice {
        case .trainers(let kinds): "trainers for it: \(kinds.joined(separator: ", "))"
        // What is asked for is the best that can be done, and was just said.
        case .obstacles(let nearest, let all) where nearest == trainer && all.count < 2: nil
        case .obstacles(let nearest, let all): obstacles(nearest, all)
        }
      })
  }
  private static func place(_ missing: Missing) -> String {
    missing.layer == "input" ? "the input (\(missing.kind))" : "layer '\(missing.layer)' (\(missing.kind))"
  }
  /// "no trainer takes it; 'bptt' comes nearest and needs a surrogate gradient in neuron1 and neuron2"
  private static func obstacles(_ trainer: String, _ missing: [Missing]) -> String {
    var needs: [(capability: String, layers: [String])] = []
    for fact in missing {
      if let place = needs.firstIndex(where: { $0.capability == fact.capability }) {
        needs[place].layers.append(fact.layer)
      } else {
        needs.append((fact.capability, [fact.layer]))
      }
    }
    let list = needs.map { "\($0.capability) in \($0.layers.joined(separator: ", "))" }
    return "no trainer takes this network; '\(trainer)' comes nearest and needs \(list.joined(separator: "; "))"
  }
  static func untrained(_ advice: TrainingAdvice?) -> Diagnostic {
    let help: String? =
      switch advice {
      case .trainers(let kinds): kinds.first.map { "train it first, as in: | train \($0) epochs=2" }
      case .obstacles(let nearest, let all): obstacles(nearest, all)
      case nil: nil
      }
    return Diagnostic("model.untrained", "the model has not been trained yet", help: help)
  }
  /// A comment behind the line that was cut.
  static func interruptedRecipe(_ place: (epoch: Int, of: Int, samples: Int)) -> String {
    "# interrupted in epoch \(place.epoch) of \(place.of), after \(Presentation.grouped(place.samples)) of its samples; "
      + "run again, the line goes on to its end and gives other values"
  }
  static func checkpointRecipe(trainer: String, epoch: Int) -> String {
    "# a checkpoint of 'train \(trainer)' after epoch \(epoch); the lines above leave the training out"
  }
  static func valueAsVerb(_ word: String, _ span: Span) -> Diagnostic {
    Diagnostic("name.value", "'\(word)' is a value, and a value can only stand at the start of a line", at: span)
  }
  static func valueWithArguments(_ word: String, argument: String, _ span: Span) -> Diagnostic {
    let help = argument.first == "-" ? "for a difference write \(word) - \(argument.dropFirst())" : nil
    return Diagnostic("name.arguments", "'\(word)' is a value and takes no arguments", at: span, help: help)
  }
  static func familyNoun(_ verb: String) -> String {
    switch verb {
    case "data": "a data set"
    case "encode": "a code"
    case "neuron": "a neuron"
    case "drive": "a current"
    case "train": "a trainer"
    case "plot": "a plot"
    case "convert": "a conversion"
    case "corrupt": "a way to corrupt"
    default: "a kind of '\(verb)'"
    }
  }
  /// A spelling within two edits, or the list when it is short.
  static func guess(_ word: String, _ known: [String]) -> String? {
    if let near = Spelling.nearest(to: word, among: known) { return "did you mean '\(near)'?" }
    return known.isEmpty || known.count > 40
      ? nil : "there \(known.count == 1 ? "is" : "are") \(known.sorted().joined(separator: ", "))"
  }

  // MARK: Types

  static func needsInput(_ name: String, _ accepts: [ValueType], _ span: Span) -> Diagnostic {
    let wanted = accepts.filter { $0 != .nothing }
    return Diagnostic(
      "types.input", "'\(name)' needs \(wanted.count > 6 ? "a value" : wanted.alternatives) before it", at: span,
      help: "to continue from the last value begin with |")
  }
  static func wrongInput(
    _ declaration: CommandDeclaration, previous: String, gives: ValueType, _ span: Span
  ) -> Diagnostic {
    let wanted = declaration.accepts.filter { $0 != .nothing }
    let takes = declaration.verb == "plot" ? "shows \(wanted.first?.noun ?? "nothing")" : "takes \(wanted.alternatives)"
    return Diagnostic(
      "types.stage", "'\(declaration.name)' \(takes), but '\(previous)' gives \(gives.noun)", at: span,
      help: bridge(from: gives, to: wanted, pipeline: previous, name: declaration.name))
  }
  /// What to put between a value and a verb that wants another type.
  private static func bridge(from given: ValueType, to wanted: [ValueType], pipeline: String, name: String) -> String? {
    let steps: [(ValueType, ValueType, String, String)] = [
      (.dataset, .spikes, "encode it first", "encode ttfs"),
      (.neuron, .recording, "drive it first", "drive current=1.2"),
      (.spikes, .model, "add a layer first", "dense 10"), (.dataset, .model, "add a layer first", "dense 10"),
      (.model, .report, "evaluate it first", "evaluate"), (.model, .recording, "probe it first", "probe sample=0"),
      (.model, .table, "make a table first", "predict"),
    ]
    for want in wanted {
      if let (_, _, advice, stage) = steps.first(where: { $0.0 == given && $0.1 == want }) {
        return "\(advice), as in: \(pipeline) | \(stage) | \(name)"
      }
    }
    return nil
  }
  static func startsALine(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("types.start", "'\(name)' starts a line and takes nothing from the left", at: span)
  }
  static func noLastValue(_ span: Span) -> Diagnostic {
    Diagnostic(
      "value.none", "there is no last value yet to continue from", at: span,
      help: "begin with something that makes one, as in: data glyphs")
  }
  static func functionTakesNothing(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "types.function", "'\(name)' takes nothing from the left", at: span,
      help: "a function that does begins its body with |")
  }
  static func functionNeedsInput(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "types.input", "'\(name)' needs a value before it", at: span, help: "to continue from the last value begin with |"
    )
  }
  static func notAList(_ text: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "types.list", "'\(text)' is not a list or range", at: span,
      help: "write a list, as in [1 2 3], or a range, as in 1..3")
  }
  static func branches(_ a: ValueType, _ b: ValueType, _ span: Span) -> Diagnostic {
    Diagnostic("types.branches", "one branch gives \(a.noun), the other \(b.noun)", at: span)
  }
  static func elseMissing(_ span: Span) -> Diagnostic {
    Diagnostic(
      "types.branches", "this 'if' has a value only where its condition holds", at: span,
      help: "say what it is otherwise, as in: } else { 0 }")
  }
  static func mixedList(_ a: ValueType, _ b: ValueType, _ span: Span) -> Diagnostic {
    Diagnostic("types.items", "a list has one type of item, here \(a.noun) and \(b.noun)", at: span)
  }
  static func noBlock(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("parse.block", "'\(name)' takes no block", at: span)
  }

  // MARK: Settings

  static func unknownSetting(_ name: String, command: String, known: [String], _ span: Span) -> Diagnostic {
    let help =
      Spelling.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
      ?? (known.isEmpty ? "it has no settings" : "its settings are \(known.joined(separator: ", "))")
    return Diagnostic("setting.unknown", "'\(command)' has no setting '\(name)'", at: span, help: help)
  }
  static func missingSetting(_ name: String, command: String, form: SettingForm, _ span: Span) -> Diagnostic {
    Diagnostic("setting.missing", "'\(command)' needs '\(name)', \(form.noun)", at: span)
  }
  static func extraArgument(_ text: String, command: String, positional: [String], _ span: Span) -> Diagnostic {
    let help =
      positional.isEmpty
      ? "settings are written name=value" : "by position it takes \(positional.joined(separator: ", "))"
    return Diagnostic("argument.extra", "'\(command)' has no place for '\(text)'", at: span, help: help)
  }
  static func givenTwice(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("setting.twice", "'\(name)' is given twice", at: span)
  }
  static func unitMissing(_ setting: String, _ dimension: Dimension, _ text: String, isNamed: Bool, _ span: Span)
    -> Diagnostic
  {
    let unit = Unit.usual(for: dimension)?.symbol ?? dimension.symbol
    return Diagnostic(
      "unit.missing", "'\(setting)' is \(dimension.noun), '\(text)' has no unit", at: span,
      help: text.allSatisfy { $0.isNumber || ".e-+()".contains($0) }
        ? "write \(isNamed ? setting + "=" : "")\(text)\(unit)" : nil)
  }
  static func unitUnexpected(_ setting: String, _ dimension: Dimension, _ text: String, _ span: Span) -> Diagnostic {
    Diagnostic("unit.unexpected", "'\(setting)' is a number without unit, '\(text)' is \(dimension.noun)", at: span)
  }
  static func unitDiffers(_ setting: String, _ wanted: Dimension, _ text: String, _ given: Dimension, _ span: Span)
    -> Diagnostic
  {
    Diagnostic("unit.dimension", "'\(setting)' is \(wanted.noun), '\(text)' is \(given.noun)", at: span)
  }
  static func unitBlank(_ number: String, _ unit: String, _ span: Span) -> Diagnostic {
    Diagnostic("unit.space", "a unit follows its number without a blank", at: span, help: "write \(number)\(unit)")
  }
  static func unknownUnit(_ unit: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "unit.unknown", "'\(unit)' is not a unit", at: span,
      help: unit.first == "x" && unit.dropFirst().allSatisfy(\.isHexDigit)
        ? "numbers are written with decimal digits"
        : Spelling.nearest(to: unit, among: Unit.all.map(\.symbol)).map { "did you mean '\($0)'?" }
          ?? "units are \(["us", "ms", "s", "min", "Hz", "kHz", "mV", "V", "pA", "nA", "%"].joined(separator: ", ")) and others"
    )
  }
  static func notWhole(_ setting: String, _ text: String, _ span: Span) -> Diagnostic {
    Diagnostic("setting.whole", "'\(setting)' is a whole number, '\(text)' is not", at: span)
  }
  static func wrongForm(_ setting: String, _ form: SettingForm, _ text: String, type: ValueType?, _ span: Span)
    -> Diagnostic
  {
    Diagnostic(
      "setting.form", "'\(setting)' takes \(form.noun), '\(text)' is \(type?.noun ?? "something else")", at: span,
      help: form == .value("dataset") && type == .spikes ? "give the dataset itself; the model has its own code" : nil)
  }
  static func outOfRange(_ setting: String, _ quantity: Quantity, _ range: ClosedRange<Double>, _ span: Span)
    -> Diagnostic
  {
    let bounds = [range.lowerBound, range.upperBound].map { Quantity($0, quantity.dimension).written() }
    let text =
      range.upperBound.isInfinite || range.upperBound >= 1e300
      ? "at least \(bounds[0])"
      : range.lowerBound.isInfinite ? "at most \(bounds[1])" : "between \(bounds[0]) and \(bounds[1])"
    return Diagnostic("setting.range", "'\(setting)' must be \(text), not \(quantity.written())", at: span)
  }
  static func refused(_ setting: String, _ reason: String, _ span: Span) -> Diagnostic {
    Diagnostic("setting.refused", "'\(setting)': \(reason)", at: span)
  }

  // MARK: Formulas

  static func emptyRange(_ text: String, isDescending: Bool, _ span: Span) -> Diagnostic {
    Diagnostic(
      "range.empty", isDescending ? "\(text) counts up and is empty" : "\(text) is empty", at: span,
      help: isDescending ? "write \(text) by -1" : nil)
  }
  static func rangeNeedsStep(_ text: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "range.step", "a range whose ends are not whole numbers needs a step", at: span, help: "write \(text) by …")
  }
  static func rangeTooLong(_ span: Span) -> Diagnostic {
    Diagnostic("range.length", "ranges and lists end at 10 million items", at: span)
  }
  static func operands(_ op: String, _ left: String, _ right: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      "unit.mixed", "'\(op)' cannot take \(left) and \(right)", at: span,
      help: op == ".." ? "both ends have the unit, as in 0nA..3nA by 0.1nA" : nil)
  }
  static func notFinite(_ text: String, _ span: Span) -> Diagnostic {
    Diagnostic("number.result", "the result of '\(text)' is not a finite number", at: span)
  }
  static func exponent(_ span: Span) -> Diagnostic {
    Diagnostic("unit.exponent", "a quantity with a unit wants a whole exponent without unit", at: span)
  }
  static func notANumber(_ text: String, _ type: ValueType?, _ span: Span) -> Diagnostic {
    Diagnostic("types.number", "a number is needed here, '\(text)' is \(type?.noun ?? "something else")", at: span)
  }
  static func notAFlag(_ text: String, _ type: ValueType?, _ span: Span) -> Diagnostic {
    Diagnostic(
      "types.flag", "a condition is needed here, '\(text)' is \(type?.noun ?? "something else")", at: span,
      help: "compare with == != < <= > or >=")
  }
  static func functionArgument(_ function: String, _ wanted: String, _ given: String, _ span: Span) -> Diagnostic {
    Diagnostic("types.argument", "'\(function)' takes \(wanted), not \(given)", at: span)
  }
  static func emptyList(_ function: String, _ span: Span) -> Diagnostic {
    Diagnostic("list.empty", "'\(function)' of an empty list has no value", at: span)
  }
  static func expectation(_ text: String, _ sides: String?, _ span: Span) -> Diagnostic {
    Diagnostic("expect.failed", "'\(text)' does not hold", at: span, notes: sides.map { [$0] } ?? [])
  }
  static func notComparable(_ a: ValueType?, _ b: ValueType?, _ span: Span) -> Diagnostic {
    Diagnostic("types.compare", "\(a?.noun ?? "this") and \(b?.noun ?? "this") cannot be compared", at: span)
  }

  // MARK: Values for a script

  static func notAnOverride(_ span: Span) -> Diagnostic {
    Diagnostic("script.argument", "values for a script are written name=value", at: span)
  }
  static func emptyOverride(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("script.argument", "'\(name)' has no value here", at: span, help: "write \(name)=value")
  }
  static func bindsNo(_ name: String, _ bound: [String], _ span: Span) -> Diagnostic {
    Diagnostic("script.name", "the script binds no '\(name)'", at: span, help: guess(name, bound))
  }
  static func otherType(_ name: String, _ wanted: ValueType, _ text: String, _ given: ValueType, _ span: Span)
    -> Diagnostic
  {
    Diagnostic("script.type", "'\(name)' is \(wanted.noun) in the script, '\(text)' is \(given.noun)", at: span)
  }

  // MARK: Data of a model

  static func noData(_ reason: Diagnostic? = nil) -> Diagnostic {
    Diagnostic(
      "data.none", "this model has no data of its own" + (reason.map { ": \($0.message)" } ?? ""),
      help: "name some, as in: data=(data glyphs)")
  }
  static func otherData(_ name: String) -> Diagnostic {
    Diagnostic(
      "data.changed", "'\(name)' no longer is what this model was made from",
      help: "name data, as in: data=(data glyphs)")
  }

  // MARK: Blocks

  static func recursion(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("function.recursive", "'\(name)' calls itself, which functions may not", at: span)
  }
  static func nothingLeft(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("data.empty", "no samples of '\(name)' are left", at: span)
  }
  static func callDepth(_ name: String, _ span: Span) -> Diagnostic {
    Diagnostic("function.depth", "'\(name)' is called more than 100 functions deep", at: span)
  }
  static func setInBlock(_ what: String, _ span: Span) -> Diagnostic {
    Diagnostic("set.refused", "'set' cannot stand in a \(what)", at: span)
  }
  static func statementInBlock(_ word: String, _ span: Span) -> Diagnostic {
    Diagnostic("block.statement", "'\(word)' cannot stand in a block that gives a value", at: span)
  }
  static func emptyBlock(_ span: Span) -> Diagnostic {
    Diagnostic("block.empty", "a block that gives a value needs a line", at: span)
  }
  static func unknownSessionSetting(_ name: String, known: [String], _ span: Span) -> Diagnostic {
    Diagnostic("setting.unknown", "there is no setting '\(name)'", at: span, help: guess(name, known))
  }
  static func nothingToUndo(_ word: String, _ span: Span) -> Diagnostic {
    Diagnostic("undo.nothing", "there is nothing to \(word)", at: span)
  }
}
