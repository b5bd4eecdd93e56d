import Compute
import Spiking
import Testing

@testable import BS4NN

/// Properties of codes, neurons and layers, numbered as in the notes on the method.
@Suite struct PropertyTests {
  @Test func property1Encoding() throws {
    let released = TimeToFirstSpike(steps: 256, levels: 255), first = TimeToFirstSpike()
    let code = try first.code(for: [1], dt: .ms(1))
    let a = (0..<256).map { released.time(Float($0) / 255, code) },
      b = (0..<256).map { first.time(Float($0) / 255, code) }
    #expect(zip(a, a.dropFirst()).allSatisfy { $0 > $1 } && a[255] == 0)
    #expect(Array(a.dropFirst()) == Array(b.dropFirst()) && a[0] == 255 && b[0] == 256)
  }

  @Test(arguments: [1, 2, 3, 4]) func property2OneSpikeAfterACause(_ seed: UInt64) {
    let toy = Toy(seed), input = toy.times(90, window: 64)
    for isBinary in [true, false] {
      let m = toy.matrix(90, 70, isBinary: isBinary), firing: SynapseMatrix.Firing = isBinary ? .at(5) : .above(1.5)
      let times = m.times(input, firing)
      #expect(times == m.steppedTimes(input, firing))
      #expect(times.contains { $0 < 64 })
      for t in times where t < 64 { #expect(input.times.contains(UInt16(t - 1))) }
    }
  }

  @Test func property3Parity() {
    let toy = Toy(5), input = toy.times(101, window: 40), m = toy.matrix(101, 33, isBinary: true)
    let r = LayerResponse(m)
    for window in 3...40 {
      var cut = input
      cut.window = window
      EventBank(cut).read(0) { m.respond(to: $0, .at(1000), window: window, into: r, traces: true) }
      let arrived = input.times.count { $0 < window - 2 }
      for j in 0..<33 { #expect((Int(r.potentialAtProbe(j)) - arrived) % 2 == 0) }
    }
  }

  @Test func property4IntegerThreshold() {
    for (theta, alpha) in [(100.0, 5.0), (100, 4.03707844), (100, 9.06516109), (12, 4), (7, 0.3), (0, 2), (0.5, 2)] {
      let n = IntegerThreshold.value(threshold: theta, scale: alpha)
      for v in -50...400 { #expect((alpha * Double(v) > theta) == (v >= Int(n)), "\(theta) \(alpha) \(v)") }
    }
    for n in 1...2000 {
      for theta in [1.0, 100, 12.5] {
        let scale = IntegerThreshold.scale(for: n, threshold: theta)
        #expect(Int(IntegerThreshold.value(threshold: theta, scale: Double(scale))) == n)
      }
    }
  }

  @Test func property5StrongerIsNeverLater() {
    let toy = Toy(6), input = toy.times(60, window: 50), m = toy.matrix(60, 20, isBinary: true, positive: 0.5)
    let before = m.times(input, .at(3))
    for i in 0..<60 {
      let after = m.with { for j in 0..<20 { $0.weights[i * $0.stride + j] = 1 } }.times(input, .at(3))
      #expect(zip(after, before).allSatisfy { $0 <= $1 })
    }
    #expect(Set(before).count > 2)
  }

  @Test func property6TimeShift() {
    let toy = Toy(7), input = toy.times(60, window: 50), shift = 17
    for isBinary in [true, false] {
      let m = toy.matrix(60, 40, isBinary: isBinary), firing: SynapseMatrix.Firing = isBinary ? .at(4) : .above(1)
      var later = input
      later.window += shift
      later.times = input.times.map { $0 + UInt16(shift) }
      #expect(m.times(later, firing) == m.times(input, firing).map { $0 + shift })
    }
  }

  @Test func property7Scaling() {
    let toy = Toy(8), input = toy.times(60, window: 50)
    let signs = toy.matrix(60, 40, isBinary: true), reals = toy.matrix(60, 40, isBinary: false)
    #expect(
      signs.with { for k in 0..<60 * $0.stride { $0.weights[k] *= 0.01 } }.times(input, .at(4))
        == signs.times(input, .at(4)))
    let doubled = reals.with { for k in 0..<60 * $0.stride { $0.weights[k] *= 4 } }
    #expect(doubled.times(input, .above(4)) == reals.times(input, .above(1)))
  }

  @Test func property8Permutation() {
    let toy = Toy(9), input = toy.times(60, window: 50), m = toy.matrix(60, 70, isBinary: true)
    let order = RandomStream(seed: 1).shuffled(70), pixels = RandomStream(seed: 2).shuffled(60)
    let neurons = m.with {
      for i in 0..<60 { for j in 0..<70 { $0.weights[i * $0.stride + j] = m.weights[i * m.stride + order[j]] } }
    }
    let times = m.times(input, .at(4))
    #expect(neurons.times(input, .at(4)) == order.map { times[$0] })
    let moved = m.with {
      for i in 0..<60 { for j in 0..<70 { $0.weights[i * $0.stride + j] = m.weights[pixels[i] * m.stride + j] } }
    }
    var shuffled = input
    shuffled.times = pixels.map { input.times[$0] }
    #expect(moved.times(shuffled, .at(4)) == times)
  }

  /// Few and many inputs (beyond 255 the bytes are widened), all widths of the kernels, one time and many.
  @Test(arguments: [(40, 10), (300, 64), (784, 100), (784, 600), (1000, 1000), (700, 4096), (600, 33)])
  func property9AllFormsAgree(_ inputs: Int, _ outputs: Int) {
    let toy = Toy(UInt64(inputs + outputs)), m = toy.matrix(inputs, outputs, isBinary: true)
    for (sample, below) in [(0, 256), (1, 9), (2, 1), (3, 256)] {
      let input = toy.times(inputs, window: 256, below: below, silent: sample == 3 ? 0.8 : 0.1, sample: sample)
      let threshold = SynapseMatrix.Firing.at(Int32(inputs / 12))
      let fast = m.times(input, threshold)
      #expect(fast == m.times(input, threshold, form: SOMA_BS4NN_PORTABLE_FORM))
      if outputs <= 600 || sample == 0 { #expect(fast == m.steppedTimes(input, threshold)) }
      if sample == 0 { #expect(Set(fast).count > 1) }
    }
  }

  @Test func property15RealsAndSignsAgree() {
    let toy = Toy(10), input = toy.times(80, window: 60), signs = toy.matrix(80, 50, isBinary: true)
    let reals = SynapseMatrix(inputs: 80, outputs: 50, isBinary: false)
    for i in 0..<80 { for j in 0..<50 { reals.weights[i * reals.stride + j] = signs.weight(i, j) } }
    let alpha: Float = 4.5
    let n = signs.firing(threshold: 20, scale: alpha)
    #expect(signs.times(input, n) == reals.times(input, .above(20 / alpha)))
  }
}
let SOMA_BS4NN_PORTABLE_FORM = 1
