internal import Compute
internal import Spiking

/// A neuron whose steps are worked out by another process; its state stays here and is handed over with every block of steps.
struct ProcessNeuron: RunTimeNeuron {
  private let process: PluginProcess, thing: Greeting.Thing
  private var settings: ProcessSettings
  let variables: [Variable], alphabet: Alphabet, card: Manual
  /// Numbers that a call carries at most, in either direction.
  private static let most = 1 << 22

  /// - Throws: `PluginProblem` where the declaration makes no sense.
  init(_ process: PluginProcess, _ thing: Greeting.Thing) throws {
    guard ProcessSetting.isKind(thing.name) else {
      throw PluginProblem.declared("a neuron that cannot be called '\(thing.name)'")
    }
    (self.process, self.thing, settings) = (process, thing, try ProcessSettings(thing.settings ?? []))
    variables = (thing.variables ?? []).map { Variable($0.name, unit: $0.unit ?? "") }
    guard !variables.isEmpty, variables.count < 64 else {
      throw PluginProblem.declared("the neuron '\(thing.name)' with \(variables.count) variables")
    }
    guard let alphabet = Alphabet(rawValue: thing.alphabet ?? "binary") else {
      throw PluginProblem.declared("the alphabet '\(thing.alphabet ?? "")', which is not known")
    }
    let currents = thing.currents ?? [0, 4]
    guard currents.count == 2, currents[0] < currents[1] else { throw PluginProblem.declared("no range of currents") }
    self.alphabet = alphabet
    card = Manual(
      thing.name, thing.summary, equation: thing.equation ?? "", reference: thing.reference ?? "",
      details: thing.details ?? "")
  }

  var settingsText: String { settings.text }
  var described: [SettingDescription] { settings.described }
  var currentSettings: [(name: String, argument: Argument)] { settings.current }
  var definition: String { "plugin neuron \(thing.name) \(process.file)" }
  var firingThreshold: Double? { thing.threshold }
  var inputUnit: String { thing.input_unit ?? "" }
  var usualCurrents: ClosedRange<Double> { thing.currents.map { $0[0]...$0[1] } ?? 0...4 }
  var isSilentWithoutInput: Bool { thing.silent ?? false }
  func applying(_ arguments: [(name: String, argument: Argument)]) throws(SettingProblem) -> ProcessNeuron {
    var copy = self
    copy.settings = try settings.applying(arguments)
    return copy
  }

  private func call(_ name: String, _ dt: Time) -> PluginProcess.Call {
    PluginProcess.Call(call: name, neuron: thing.name, settings: settings.numbers, dt: dt.seconds)
  }
  func rest(_ block: PopulationBlock) {
    let values =
      process.numbers(call("rest", block.dt), count: variables.count) ?? Array(repeating: 0, count: variables.count)
    for (k, value) in values.enumerated() {
      (block.state + k * block.stateStride).update(repeating: value, count: block.count)
    }
  }
  func advance(_ block: PopulationBlock) {
    let variables = variables.count
    let steps = max(1, Self.most / max(1, block.count * (variables + 2)))
    for first in stride(from: 0, to: block.steps, by: steps) {
      advance(block, from: first, min(steps, block.steps - first))
    }
  }
  /// Sends state [variable][neuron] and current [step][neuron]; gets state, output [step][neuron], record [step][variable][neuron].
  private func advance(_ block: PopulationBlock, from first: Int, _ steps: Int) {
    let n = block.count, variables = variables.count
    var sent: [Float] = []
    sent.reserveCapacity((variables + steps) * n)
    for k in 0..<variables { for i in 0..<n { sent.append(block.state[k * block.stateStride + i]) } }
    for t in first..<first + steps { for i in 0..<n { sent.append(block.current[t * block.currentStride + i]) } }
    var call = call("advance", block.dt)
    (call.steps, call.count, call.record) = (steps, n, block.record != nil)
    let count = (variables + steps + (block.record == nil ? 0 : steps * variables)) * n
    let got = process.numbers(call, sent, count: count) ?? Array(repeating: 0, count: count)
    got.withUnsafeBufferPointer { got in
      guard var at = got.baseAddress else { return }
      func take(_ target: UnsafeMutablePointer<Float>) {
        target.update(from: at, count: n)
        at += n
      }
      for k in 0..<variables { take(block.state + k * block.stateStride) }
      for t in first..<first + steps { take(block.output + t * block.outputStride) }
      guard let record = block.record else { return }
      for row in first * variables..<(first + steps) * variables { take(record + row * block.recordStride) }
    }
  }
}
