internal import Compute
internal import Spiking

/// A code that another process works out, sample by sample.
struct ProcessEncoder: RunTimeEncoder {
  private let process: PluginProcess, thing: Greeting.Thing
  private var settings: ProcessSettings
  let card: Manual

  /// - Throws: `PluginProblem` where the declaration makes no sense.
  init(_ process: PluginProcess, _ thing: Greeting.Thing) throws {
    guard ProcessSetting.isKind(thing.name) else {
      throw PluginProblem.declared("a code that cannot be called '\(thing.name)'")
    }
    (self.process, self.thing, settings) = (process, thing, try ProcessSettings(thing.settings ?? []))
    card = Manual(
      thing.name, thing.summary, equation: thing.equation ?? "", reference: thing.reference ?? "",
      details: thing.details ?? "")
  }
  /// It is given a seed for every sample, and may use it.
  static var drawsAtRandom: Bool { true }
  var isMonotone: Bool { thing.monotone ?? false }
  var kind: String { thing.name }
  var settingsText: String { settings.text }
  var described: [SettingDescription] { settings.described }
  func applying(_ arguments: [(name: String, argument: Argument)]) throws(SettingProblem) -> ProcessEncoder {
    var copy = self
    copy.settings = try settings.applying(arguments)
    return copy
  }

  private func call(_ name: String, _ dt: Double? = nil) -> PluginProcess.Call {
    PluginProcess.Call(call: name, encoder: thing.name, settings: settings.numbers, dt: dt)
  }
  func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code {
    var call = call("code", dt.seconds)
    call.shape = shape.extents
    guard let answer = process.answer(call) else { throw failure() }
    let features = answer.features ?? shape.extents, steps = answer.steps ?? 0
    let size = features.reduce(Double(max(1, steps))) { $0 * Double($1) }
    guard steps > 0, !features.isEmpty, features.allSatisfy({ $0 > 0 }), size < 1e8,
      let alphabet = Alphabet(rawValue: answer.alphabet ?? "binary")
    else {
      process.fail(.declared("a code of \(steps) steps of \(features)"))
      throw failure()
    }
    return Code(steps: steps, features: Shape(features), alphabet: alphabet)
  }
  /// What went wrong is told by the stage, with what the process said.
  private func failure() -> ShapeError { ShapeError(code: "plugin.code", message: "'\(kind)' gives no code") }

  func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream
  ) {
    var call = call("encode")
    let n = code.features.count
    (call.steps, call.count, call.features) = (code.steps, n, code.features.extents)
    // Whole numbers of any language hold 53 bits.
    call.seed = random.bits(0) >> 11
    guard let got = process.numbers(call, Array(sample), count: code.steps * n) else { return }
    for t in 0..<code.steps { for i in 0..<n { output[t * stride + i] = got[t * n + i] } }
  }
}
