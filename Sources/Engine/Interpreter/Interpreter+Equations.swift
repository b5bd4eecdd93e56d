internal import Equations
internal import Language
internal import Spiking

extension Interpreter {
  /// Makes the neuron that equations describe and binds it to its name.
  func define(_ definition: NeuronDefinition) throws -> Item {
    try refuseVerb(definition.name)
    let name = definition.name.text
    if registry.kinds(of: "neuron").contains(name) {
      throw fail(EngineMessages.neuronExists(name, definition.name.span))
    }
    let item = try neuron(definition)
    try bind(definition.name, item)
    remember(item, as: name)
    return item
  }
  private func neuron(_ definition: NeuronDefinition) throws -> Item {
    do {
      let parameters = try definition.settings.map(parameter)
      let neuron = try EquationNeuron(definition, parameters: parameters, source: source)
      if isChecking { return Item(facts: .neuron(neuron)) }
      return Item(.neuron(neuron), recipe: Recipe(stage: neuron.definition, type: .neuron))
    } catch let diagnostic as Diagnostic {
      throw fail(diagnostic.located(at: definition.span))
    } catch is NotKnownYet {
      return Item(facts: .unknown)
    }
  }
  /// A parameter with its default, a number.
  private func parameter(_ setting: CallArgument) throws -> EquationModel.Parameter {
    guard let name = setting.name else { throw NotKnownYet() }
    let item = try evaluate(setting.value)
    if item.content == nil, item.type == nil || item.type == .number { throw NotKnownYet() }
    guard case .number(let quantity)? = item.content else {
      throw fail(EngineMessages.parameterNotANumber(name.text, setting.value.span))
    }
    return EquationModel.Parameter(name, quantity)
  }
}

extension Registry {
  /// Adds the neuron that a line declares, as files hold it; one from a plugin must be there already.
  public mutating func define(_ line: String) throws {
    let words = line.split(separator: " ", maxSplits: 3).map(String.init)
    if words.count == 4, words[..<2] == ["plugin", "neuron"] { return try require(neuron: words[2], of: words[3]) }
    let source = Source(line), parsed = Parser.parse(source)
    guard case .defineNeuron(let definition)? = parsed.program.lines.first?.statement, parsed.diagnostics.isEmpty else {
      throw Diagnostic("file.neuron", "'\(line)' defines no neuron")
    }
    let parameters = try definition.settings.map { setting in
      guard let name = setting.name, case .quantity(let quantity)? = Self.literal(setting.value) else {
        throw Diagnostic("file.neuron", "'\(line)' defines no neuron")
      }
      return EquationModel.Parameter(name, quantity)
    }
    let neuron = try EquationNeuron(definition, parameters: parameters, source: source)
    do throws(RegistrationProblem) { try register(CommandDeclaration(neuron)) } catch {
      throw Diagnostic("file.neuron", "the neuron '\(definition.name.text)' of the file is declared here already")
    }
  }
  private func require(neuron kind: String, of file: String) throws {
    guard !loaded.all.flatMap(\.declarations).contains(where: { $0.name == "neuron \(kind)" }) else { return }
    throw Diagnostic(
      "file.plugin", "the neuron '\(kind)' comes from the plugin '\(file)', which is not loaded",
      help: "plugin load \(file)")
  }
}
