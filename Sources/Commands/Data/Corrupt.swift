internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// A way to spoil samples: each by itself, from its own stream of random numbers.
protocol SampleCorruption: Command {
  var seed: Int? { get set }
  /// Changes the values of one sample, which lie between 0 and 1.
  func spoil(_ values: inout [Float], _ random: RandomStream)
}
extension SampleCorruption {
  static var accepts: [ValueType] { [.dataset] }
  static var gives: [ValueType] { [.dataset] }
  func check(_ input: Facts, _ context: Context) throws -> Facts { input }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let data = try input.dataset()
    if let problem = data.firstValue(outside: 0...1) {
      throw Diagnostic(
        "data.range", "values between 0 and 1 can be corrupted, not \(problem.text)", help: problem.remedy)
    }
    var parts: [Part: Dataset.View] = [:]
    for part in Part.allCases {
      guard let view = data[part] else { continue }
      let stream = context.random.child(part.rawValue), machine = context.machine, n = data.shape.count
      var bytes = [UInt8](repeating: 0, count: view.count * n)
      for first in stride(from: 0, to: view.count, by: 256) {
        if context.isInterrupted() { throw Interrupted() }
        bytes.withUnsafeMutableBufferPointer { out in
          nonisolated(unsafe) let out = out
          machine.forEach(min(256, view.count - first)) { place in
            let index = first + place
            var values = view.sample(index)
            spoil(&values, stream.child(view.bankIndex(index)))
            for i in 0..<n { out[index * n + i] = UInt8((min(1, max(0, values[i])) * 255).rounded()) }
          }
        }
      }
      parts[part] = Dataset.View(SampleBank(shape: data.shape, labels: (0..<view.count).map(view.label), bytes: bytes))
    }
    var result = data.holding(parts)
    (result.checksum, result.alphabet) = ("", .graded)
    return .dataset(result)
  }
  static var seedSetting: Setting<Self> { Setting("seed", \Self.seed, "Start of the random numbers.") }
}

/// `corrupt noise sd=0.2`
struct CorruptNoise: SampleCorruption {
  var sd = 0.2, seed: Int?
  static let manual = Manual(
    "corrupt noise", "Adds Gaussian noise to every value; what leaves 0 to 1 is cut off.",
    equation: "x ← min(1, max(0, x + sd·ξ))",
    examples: ["data glyphs samples=50 | corrupt noise sd=0.3 | sample 4 | plot images"])
  static let settings: [Setting<Self>] = [Setting("sd", \.sd, "Standard deviation.", in: 0...10), seedSetting]
  func spoil(_ values: inout [Float], _ random: RandomStream) {
    for i in values.indices { values[i] += Float(sd * random.normal(i)) }
  }
}
/// `corrupt missing share=20%`
struct CorruptMissing: SampleCorruption {
  var share = 0.2, seed: Int?
  static let manual = Manual(
    "corrupt missing", "Sets a random share of the values to 0.",
    examples: ["data glyphs samples=50 | corrupt missing share=30% | sample 4 | plot images"])
  static let settings: [Setting<Self>] = [Setting("share", \.share, "Share of values lost.", in: 0...1), seedSetting]
  func spoil(_ values: inout [Float], _ random: RandomStream) {
    for i in values.indices where random.uniform(i) < Float(share) { values[i] = 0 }
  }
}
/// `corrupt levels bits=2`
struct CorruptLevels: SampleCorruption {
  var bits = 2, seed: Int?
  static let manual = Manual(
    "corrupt levels", "Rounds values down to fewer grey levels, spread over 0 to 1 again.",
    equation: "x ← min(⌊x·2^bits⌋, 2^bits − 1)/(2^bits − 1)",
    examples: ["data glyphs samples=50 | corrupt levels bits=1 | sample 4 | plot images"])
  static let settings: [Setting<Self>] = [Setting("bits", \.bits, "Bits per value.", in: 1...8)]
  func spoil(_ values: inout [Float], _ random: RandomStream) {
    let levels = Float(1 << bits)
    for i in values.indices { values[i] = min((values[i] * levels).rounded(.down), levels - 1) / (levels - 1) }
  }
}
/// `corrupt flips share=5%`: weights with the wrong sign.
struct CorruptFlips: Command {
  var share = 0.05, layer = "", seed: Int?
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.model]
  static let manual = Manual(
    "corrupt flips", "Flips the sign of a random share of the weights.",
    examples: ["data glyphs | dense 10 | corrupt flips share=10% | layers"])
  static let settings: [Setting<Self>] = [
    Setting("share", \.share, "Share of weights flipped.", in: 0...1),
    Setting("layer", \.layer, "Layer whose weights are flipped; all by default.", form: .layer),
    Setting("seed", \.seed, "Start of the random numbers."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts { input }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    var model = try input.model().initialised(seed: context.seed)
    for entry in model.network.layout.entries
    where [.weight, .latent].contains(entry.spec.role) && (layer.isEmpty || entry.name.hasPrefix(layer + ".")) {
      guard var values = model.parameters?.values(of: entry) else { continue }
      let stream = context.random.child(entry.name)
      for i in values.indices where stream.uniform(i) < Float(share) { values[i] = -values[i] }
      model.parameters?.set(entry, values)
    }
    model.training = nil
    model.notes.append("\(Quantity(share * 100).written())% of the signs flipped")
    return .model(model)
  }
}
