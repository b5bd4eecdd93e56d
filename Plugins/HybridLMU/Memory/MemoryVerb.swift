internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `lmu-memory` at the start of a line: the neuron of that name. Behind data, spikes or a model it is a layer.
struct MemoryVerb: Command {
  var memory = LegendreMemory()
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.neuron]
  static let manual = Manual(
    "lmu-memory", LegendreMemory.manual.summary, equation: LegendreMemory.manual.equation,
    reference: LegendreMemory.manual.reference, details: LegendreMemory.manual.details,
    examples: [
      "lmu-memory order=12 window=200ms | drive noise current=0 sd=1 band=5Hz for=2s | plot reconstruction",
      "lmu-memory order=6 | plot basis",
    ])
  static let settings: [Setting<Self>] = [
    Setting("order", \.memory.order, "Number of coefficients.", in: 1...512),
    Setting("window", \.memory.window, "How far back it reaches.", in: 1e-9...1e9),
    Setting("rule", \.memory.rule, "How the equation becomes steps."),
    Setting(
      "delay", \.memory.delay, "How long ago the input was that it sends; left open, the whole window.", in: 0...1e9),
  ]
  func validate() throws(SettingProblem) { try memory.validate() }
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    try shaping { () throws(ShapeError) in
      try LegendreSystem.requireStable(order: memory.order, window: memory.window / context.dt, rule: memory.rule)
    }
    return .neuron(memory)
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content { .neuron(memory) }
}
