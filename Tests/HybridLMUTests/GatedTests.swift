import Accelerated
import Compute
import Foundation
import Spiking
import TestSupport
import Testing

@testable import HybridLMU

/// LSTM and GRU, to compare with.
@Suite struct GatedTests {
  static let machines = [Machine(), Machine(backend: Native(), threads: 2)]

  @Test(arguments: [false, true]) func gradientsAreThoseOfFiniteDifferences(_ isConstant: Bool) throws {
    var lstm = LSTM(), gru = GRU()
    (lstm.units, gru.units) = (5, 5)
    for layer in [lstm, gru] as [any Layer] {
      #expect(
        try checkLayers(
          [layer, Dense(2)], input: [3], batch: 4, steps: 9, isConstant: isConstant, machines: Self.machines)
          == [])
    }
    #expect(checkDeclared(LSTM.self) == [] && checkDeclared(GRU.self) == [])
  }
  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// One unit, two steps, by hand.
  @Test func cellsFollowTheirEquations() throws {
    func run(_ network: Network, _ parameters: Parameters) -> [Double] {
      var pass = Pass(machine: Machine(), dt: .ms(1), parameters: parameters)
      let signal = Signal(Tensor([0.5, -1], [2]), steps: 2, batch: 1, features: [1])
      return network.forward(signal, &pass).values.values.map(Double.init)
    }
    var lstm = LSTM()
    lstm.units = 1
    let one = try Network(input: [1], [lstm])
    var parameters = Parameters(zeros: one.layout)
    (parameters["lstm1.W"], parameters["lstm1.U"]) = ([1, 0.5, -2, 3], [0.3, -0.7, 1.1, 0.2])
    parameters["lstm1.bias"] = [0.1, 1, 0, -0.2]
    var c = 0.0, h = 0.0, expected: [Double] = []
    for x in [0.5, -1.0] {
      let i = sigmoid(x + 0.3 * h + 0.1), f = sigmoid(0.5 * x - 0.7 * h + 1)
      let g = tanh(-2 * x + 1.1 * h), o = sigmoid(3 * x + 0.2 * h - 0.2)
      c = f * c + i * g
      h = o * tanh(c)
      expected.append(h)
    }
    #expect(largest(run(one, parameters), expected) < 1e-6)

    var gru = GRU()
    gru.units = 1
    let two = try Network(input: [1], [gru])
    parameters = Parameters(zeros: two.layout)
    (parameters["gru1.W"], parameters["gru1.U"], parameters["gru1.bias"]) = (
      [1, -0.5, 2], [0.3, 0.9, -1.2], [0.1, 0, 0.4]
    )
    (h, expected) = (0, [])
    for x in [0.5, -1.0] {
      let r = sigmoid(x + 0.3 * h + 0.1), z = sigmoid(-0.5 * x + 0.9 * h), n = tanh(2 * x + 0.4 + r * -1.2 * h)
      h = (1 - z) * n + z * h
      expected.append(h)
    }
    #expect(largest(run(two, parameters), expected) < 1e-6)
  }
  @Test func forgetGatesStartOpen() throws {
    var lstm = LSTM()
    lstm.units = 3
    let network = try Network(input: [2], [lstm])
    let parameters = Parameters(initial: network.layout, random: RandomStream(seed: 1))
    #expect(parameters["lstm1.bias"] == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    #expect(parameters["lstm1.U"].allSatisfy { abs($0) <= 0.578 })
  }
  /// Nothing depends on the batch or on threads.
  @Test func samplesDoNotDependOnTheirBatch() throws {
    var gru = GRU()
    gru.units = 9
    let network = try Network(input: [2], [gru]), random = RandomStream(seed: 4)
    let values = Tensor((0..<6 * 70 * 2).map { Float(random.normal($0)) }, [6 * 70 * 2])
    func run(_ signal: Signal, _ threads: Int) -> [Float] {
      var pass = Pass(
        machine: Machine(backend: Native(), threads: threads), dt: .ms(1),
        parameters: Parameters(initial: network.layout, random: RandomStream(seed: 3)))
      return network.forward(signal, &pass).values.values
    }
    let whole = run(Signal(values, steps: 6, batch: 70, features: [2]), 1)
    #expect(run(Signal(values, steps: 6, batch: 70, features: [2]), 3) == whole)
    let own = Tensor((0..<6).flatMap { t in (0..<2).map { values[(t * 70 + 41) * 2 + $0] } }, [12])
    let alone = run(Signal(own, steps: 6, batch: 1, features: [2]), 1)
    let within: [Float] = (0..<54).map { k in
      let row = k / 9 * 70 + 41
      return whole[row * 9 + k % 9]
    }
    #expect(alone == within)
  }
}
