public import Language
public import Spiking
internal import Synchronization

/// A neuron written as equations: one step of them as operations over strips of neurons, and their derivative.
///
/// Equations that are linear in their own variable are solved exactly over a step for whatever else stands still; others take
/// a Runge–Kutta step of fourth order. All variables move from the values before the step; then the first spike condition that
/// holds sends a spike and all resets happen at once. In the refractory time the first variable is held and nothing is sent.
public struct EquationNeuron: DifferentiableNeuron, RunTimeNeuron {
  public let model: EquationModel
  /// The values of the parameters.
  public private(set) var values: [Quantity]
  public var surrogate = Surrogate(.triangle)
  private var cache = ProgramCache()

  /// - Throws: `Diagnostic` where the equations cannot be integrated as asked for.
  public init(_ model: EquationModel) throws {
    try model.requireMethod()
    (self.model, values) = (model, model.parameters.map(\.preset))
  }
  public init(_ definition: NeuronDefinition, parameters: [EquationModel.Parameter], source: Source) throws {
    try self.init(EquationModel(definition, parameters: parameters, source: source))
  }

  // MARK: Settings

  public var described: [SettingDescription] {
    zip(model.parameters, values).map { parameter, value in
      SettingDescription(
        name: parameter.name.text, summary: "A parameter of the equations.", form: .number(value.dimension),
        preset: value.written(digits: 12))
    }
  }
  public var currentSettings: [(name: String, argument: Argument)] {
    zip(model.parameters, values).map { ($0.name.text, .quantity($1)) }
  }
  public func applying(_ arguments: [(name: String, argument: Argument)]) throws(SettingProblem) -> EquationNeuron {
    var copy = self
    copy.cache = ProgramCache()
    for (name, argument) in arguments {
      guard let k = model.parameters.firstIndex(where: { $0.name.text == name }) else {
        throw SettingProblem(name, .unknown(known: model.parameters.map(\.name.text)))
      }
      guard case .quantity(let quantity) = argument, quantity.dimension == values[k].dimension else {
        throw SettingProblem(name, .wrongForm(.number(values[k].dimension), argument))
      }
      copy.values[k] = quantity
    }
    return copy
  }
  public var definition: String {
    (["neuron define \(model.name) { \(model.text) }"] + [settingsText].filter { !$0.isEmpty }).joined(separator: " ")
  }

  // MARK: Neuron

  public var card: Manual {
    Manual(model.name, "A neuron by equations.", equation: model.text.replacing("; ", with: "\n"))
  }
  public var settingsText: String {
    zip(model.parameters, values).map { "\($0.name.text)=\($1.written(digits: 12))" }.joined(separator: " ")
  }
  public var variables: [Variable] {
    model.states.map { Variable($0.name.text, unit: $0.dimension.symbol) }
      + (model.counts ? [Variable("waiting", unit: "steps")] : [])
  }
  public var alphabet: Alphabet { model.spikes.contains { $0.sign < 0 } ? .ternary : .binary }
  public var inputUnit: String { Unit.usual(for: model.inputDimension)?.symbol ?? "" }
  public var isSilentWithoutInput: Bool { false }
  public var firingThreshold: Double? {
    guard model.spikes.count == 1, case .binary(let op, let left, let right) = model.spikes[0].condition.kind,
      op == .greaterEqual || op == .greater, case .word(model.states[0].name.text) = left.kind
    else { return nil }
    var compiler = Compiler(model)
    let term = compiler.term(right)
    guard compiler.graph.isUniform[term] else { return nil }
    return compiler.graph.values(of: [term]) { uniform($0, dt: .ms(1)) }[0]
  }
  /// Noise is drawn per neuron of a layer, so a noisy neuron has no course of its own.
  public func capability<C>(_ type: C.Type) -> C? {
    model.usesNoise && C.self == (any FineNeuron).self ? nil : self as? C
  }

  // MARK: Programs

  func uniform(_ leaf: Graph.Leaf, dt: Time) -> Double {
    switch leaf {
    case .parameter(let k): values[k].value
    case .dt: dt.seconds
    default: 0
    }
  }
  func programs(_ dt: Time) -> Programs { cache.programs(dt.seconds) { Programs(self, dt) } }
}

/// The steps of a neuron for one dt and one set of values.
struct Programs: Sendable {
  let step: EquationModel.Step
  /// States after, and what is sent; the same with the states before firing in front; distances; gradients.
  let forward: Program, recorded: Program, distances: Program, backward: Program
  /// Where the states start.
  let start: [Double]

  init(_ neuron: EquationNeuron, _ dt: Time) {
    let step = neuron.model.step(dt), n = step.after.count
    self.step = step
    func program(_ wanted: [Term], _ places: [Graph.Leaf?]) -> Program {
      Program(step.graph, wanted, places: places) { neuron.uniform($0, dt: dt) }
    }
    let states = (0..<n).map { Optional(Graph.Leaf.state($0)) }
    forward = program(step.after + [step.sent], states + [nil])
    recorded = program(step.integrated + step.after + [step.sent], states.map { _ in nil } + states + [nil])
    distances = program(step.distances.map(\.term), step.distances.map { _ in nil })
    let adjoints = step.gradients.indices.dropLast().map { Optional(Graph.Leaf.adjoint($0)) }
    backward = program(step.gradients, adjoints + [nil])
    start = step.graph.values(of: step.start) { neuron.uniform($0, dt: dt) }
  }
}

/// Programs by dt: a population asks for them once for every block.
private final class ProgramCache: Sendable {
  private let known = Mutex<[Double: Programs]>([:])
  func programs(_ dt: Double, _ make: () -> Programs) -> Programs {
    if let programs = known.withLock({ $0[dt] }) { return programs }
    let programs = make()
    known.withLock { $0[dt] = programs }
    return programs
  }
}
