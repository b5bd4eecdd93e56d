internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `decode`: what can be read back from spikes.
struct Decode: Command {
  static let accepts: [ValueType] = [.spikes], gives: [ValueType] = [.dataset]
  static let manual = Manual(
    "decode", "Estimates the samples from their spikes, as far as the code tells.",
    details: "Rate codes are counted, times are read back, changes are added up.",
    examples: ["data glyphs samples=50 | encode bernoulli steps=20 | decode | sample 4 | plot images"])

  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .spikes(let facts) = input else { return .unknown }
    try require(facts.encoder)
    try Registry.requireMemory(facts.input.code.sampleBytes, "a sample of that many steps")
    return facts.input.dataset.map(Facts.dataset) ?? .unknown
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let spikes = try input.spikes()
    try require(spikes.encoder)
    let bytes = spikes.dataset.parts.values.reduce(0.0) {
      $0 + 4 * Double($1.count) * Double(spikes.dataset.shape.count)
    }
    try Registry.requireMemory(bytes + spikes.sampleBytes, "what is decoded")
    guard let decoded = spikes.decoded(machine: context.machine, isInterrupted: context.surroundings.isInterrupted)
    else { throw Interrupted() }
    return .dataset(decoded)
  }
  private func require(_ encoder: any Encoder) throws {
    guard encoder is any DecodableEncoder else {
      throw Diagnostic("capability", "the code '\(encoder.kind)' cannot be read back")
    }
  }
}
