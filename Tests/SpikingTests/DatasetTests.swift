import Compute
import Laws
import Spiking
import TestSupport
import Testing

/// A code of at most one spike, bright early.
struct Early: TimeEncoder, Declared {
  var steps = 16
  static let manual = Manual("early", "Bright values spike early.")
  static let settings: [Setting<Self>] = [Setting("steps", \.steps, "Steps.", in: 1...70_000)]
  func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code { try timeCode(steps: steps, shape) }
  func time(_ value: Float, _ code: Code) -> Int { value <= 0 ? code.steps : Int((1 - value) * Float(steps - 1)) }
}
/// A code of independent spikes.
struct Chance: Encoder, Declared {
  static let manual = Manual("chance", "Spikes with the probability of its value.")
  func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code { Code(steps: 20, features: shape) }
  func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream
  ) {
    for i in sample.indices {
      for t in 0..<code.steps where random.uniform(t * sample.count + i) < sample[i] { output[t * stride + i] = 1 }
    }
  }
}

@Suite struct DatasetTests {
  let data = Toy.bands(count: 30)

  @Test func viewsShareTheirSamples() throws {
    let random = RandomStream(seed: 1)
    let some = data.sampled(7, random: random)
    #expect(some.isSinglePart && some.count(.test) == 7 && some.usualPart == .test)
    #expect(some[.test]?.chosen == data.sampled(7, random: random)[.test]?.chosen)
    #expect(some[.test]?.chosen != data.sampled(7, random: RandomStream(seed: 2))[.test]?.chosen)
    let view = try #require(some[.test])
    #expect(view.sample(3) == data[.test]?.sample(view.bankIndex(3)))
    #expect(data.taking(train: 4).count(.train) == 4 && data.taking(train: 4).count(.test) == 30)
    #expect(data.taking(train: 99, test: 0).outline.counts == [.train: 30])
    #expect(data.sampled(99, random: random).count == 30)
  }
  @Test func splittingMovesEverySampleOnce() throws {
    let split = data.splitting(validation: 0.2, random: RandomStream(seed: 1))
    #expect(split.count(.train) == 24 && split.count(.validation) == 6 && split.count(.test) == 30)
    let all = try #require(split[.train]?.chosen) + (try #require(split[.validation]?.chosen))
    #expect(all.sorted() == Array(0..<30))
    let single = data.sampled(10, random: RandomStream(seed: 1)).splitting(test: 0.3, random: RandomStream(seed: 2))
    #expect(single.count(.train) == 7 && single.count(.test) == 3)
  }
  @Test func filteringAndViewsOfViews() {
    let tops = data.filtered { _, label, part in label == 0 && part == .train }
    #expect(tops.parts.keys.sorted { $0.rawValue < $1.rawValue } == [.train])
    #expect(tops.count(.train) == 10)
    let firsts = tops.filtered { index, _, _ in index < 2 }
    #expect(firsts[.train]?.chosen == [0, 3])
    #expect(
      firsts.outline == Dataset.Outline(name: "bands", shape: [6, 8], classes: data.classes, counts: [.train: 2]))
  }
  @Test func bytesStandForShares() {
    let bank = SampleBank(shape: [2], labels: [0, 1], bytes: [0, 255, 51, 102])
    #expect(bank.sample(0) == [0, 1] && bank.sample(1) == [0.2, 0.4])
    #expect(bank.withBytes(1) { Array($0) } == [51, 102])
    #expect(SampleBank(shape: [1], labels: [0], floats: [0.5]).withBytes(0) { _ in } == nil)
  }
  @Test func lawsOfEncoders() {
    #expect(checkEncoder(Direct(steps: 3)).broken == [])
    #expect(checkEncoder(Early()).broken == [])
    #expect(checkEncoder(Chance()).broken == [])
    #expect(checkDeclared(Direct.self) == [])
  }
  /// A view shows the spikes of the whole; another epoch draws others.
  @Test func spikesBelongToTheSample() throws {
    let encoded = try EncodedData(data, Chance(), seed: 4, dt: .ms(1))
    let few = try EncodedData(data.filtered { index, _, _ in index == 9 }, Chance(), seed: 4, dt: .ms(1))
    #expect(few.clocked([0], .train).values == encoded.clocked([9], .train).values)
    #expect(encoded.clocked([9], .train, epoch: 1).values != encoded.clocked([9], .train).values)
    #expect(encoded.clocked([9], .test).values != encoded.clocked([9], .train).values)
  }
  @Test func timesOfBytesAndFloatsAgree() throws {
    let bytes = (0..<256).map { UInt8($0) }
    func times(_ bank: SampleBank) throws -> SpikeTimes? {
      let set = Dataset(name: "grey", classes: [], shape: [256], parts: [.train: .init(bank)])
      return try EncodedData(set, Early(), seed: 1, dt: .ms(1)).times([0], .train)
    }
    let table = try times(SampleBank(shape: [256], labels: [0], bytes: bytes))
    let floats = try times(SampleBank(shape: [256], labels: [0], floats: bytes.map { Float($0) / 255 }))
    #expect(table != nil && table == floats)
  }
  @Test func aCodeMustFitSixteenBits() {
    #expect(throws: ShapeError(code: "shape.window", message: "a code of 65536 steps is longer than 65535 steps")) {
      try Early(steps: 65536).code(for: [2], dt: .ms(1))
    }
  }
}
