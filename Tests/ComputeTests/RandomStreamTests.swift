import Compute
import Testing

@Suite struct RandomStreamTests {
  let stream = RandomStream(seed: 7)

  @Test func labelsAndNumbersNameIndependentStreams() {
    #expect(stream.child("a") == stream.child("a"))
    #expect(RandomStream(seed: 7, "a") == stream.child("a"))
    #expect(stream.child("a") != stream.child("b"))
    #expect(stream.child(0) != stream.child(1))
    #expect(stream.child("a") != RandomStream(seed: 8, "a"))
  }
  /// Fixed numbers: a recipe must give the same bits in every release.
  @Test func drawsAreFixedForever() {
    #expect(stream.bits(0) == 0xB8B4_C297_7EAB_CE45)
    #expect(RandomStream(seed: 0, "encode").bits(5) == 0x65C9_6FA1_F114_9396)
  }
  @Test func uniformNumbersFillTheUnitInterval() {
    let draws = (0..<20_000).map { Double(stream.uniform($0)) }
    let mean = draws.reduce(0, +) / 20_000
    #expect(draws.allSatisfy { (0..<1).contains($0) })
    #expect(abs(mean - 0.5) < 0.01)
  }
  @Test func normalNumbersHaveMomentsOfTheNormalDistribution() {
    let draws = (0..<40_000).map { stream.normal($0) }
    func moment(_ n: Int) -> Double {
      draws.reduce(0) { sum, x in sum + (0..<n).reduce(1) { power, _ in power * x } } / 40_000
    }
    #expect(abs(moment(1)) < 0.02 && abs(moment(2) - 1) < 0.03 && abs(moment(4) - 3) < 0.2)
  }
  @Test func integersAreEvenAndBelowTheirBound() {
    var counts = [Int](repeating: 0, count: 7)
    for i in 0..<14_000 { counts[stream.integer(below: 7, counter: i)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 2000) < 200 })
  }
  @Test(arguments: [0, 1, 2, 1000]) func shufflingKeepsEveryNumber(_ n: Int) {
    let order = stream.shuffled(n)
    #expect(order.sorted() == Array(0..<n))
    if n > 2 { #expect(order != Array(0..<n) && order != stream.child(1).shuffled(n)) }
  }
}
