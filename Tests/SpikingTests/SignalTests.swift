import Compute
import Spiking
import Testing

@Suite struct SignalTests {
  @Test func rastersTimesAndTrainsAgree() {
    var times = SpikeTimes(samples: 2, features: 3, window: 50)
    times.times = [50, 50, 50, 0, 49, 50]
    let raster = SpikeRaster(times, sample: 1)
    #expect(raster.count == 2 && raster.spikeSteps(of: 1) == [49])
    #expect(raster.firstSpikes.times == [0, 49, 50])
    #expect(times[1, 1] == 49 && times[1, 2] == nil)
    // Steps of 0.1 ms are not exact in binary; every one must come back to itself.
    var dense = SpikeRaster(steps: 1000, neurons: 2)
    for t in 0..<1000 { dense[t, t % 2] = 1 }
    #expect(SpikeRaster(dense.trains(dt: .ms(0.1)), dt: .ms(0.1), steps: 1000) == dense)
  }
  @Test func rastersKeepSigns() {
    let signal = Signal(Tensor([0, 2, -1, 0, 0.5, 0, 0, 0], [8]), steps: 2, batch: 2, features: [2])
    #expect(SpikeRaster(signal, sample: 0).signs == [0, 1, 1, 0])
    #expect(SpikeRaster(signal, sample: 1).signs == [-1, 0, 0, 0])
    let still = Signal(Tensor([1, 0], [2]), steps: 3, batch: 1, features: [2], isConstant: true)
    #expect(SpikeRaster(still).signs == [1, 0, 1, 0, 1, 0])
  }
  @Test func statisticsOfTrains() {
    let clock = SpikeTrain((0..<10).map { .ms(Double($0) * 20) }, duration: .ms(200))
    #expect(abs(clock.rate - 50) < 1e-9 && (clock.intervalVariation ?? 1) < 1e-9)
    #expect(SpikeTrain([.ms(1)], duration: .ms(10)).intervalVariation == nil)
    let uneven = SpikeTrain([.ms(0), .ms(1), .ms(4)], duration: .ms(5))
    #expect(abs((uneven.intervalVariation ?? 0) - 0.5) < 1e-9)
  }
  @Test func synapsesReadTheFlatVector() throws {
    let network = try Network(input: [2], [Dense(3), Dense(2, weights: .binary)])
    var parameters = Parameters(initial: network.layout, random: RandomStream(seed: 1))
    parameters["dense1.weight"] = [1, 2, 3, 4, 5, 6]
    parameters["dense2.weight"] = [1, -1, 0, -0.0, -2, 3]
    parameters["dense2.scale"] = [5]
    let first = try #require(Dense(3).synapses(of: network.nodes[0], in: parameters))
    let second = try #require((network.nodes[1].layer as? Dense)?.synapses(of: network.nodes[1], in: parameters))
    #expect(first.weight(1, 0) == 4 && first.bias == [0, 0, 0] && !first.isBinary)
    let weights = (0..<6).map { second.weight($0 / 2, $0 % 2) }
    #expect(weights == [5, -5, 5, 5, -5, 5])
    #expect(second.negativeSigns(stride: 4) == [0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])
  }
}
