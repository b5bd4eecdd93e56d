import Accelerated
import Compute
import Foundation
import Laws
import Spiking
import TestSupport
import Testing

@testable import HybridLMU

/// The mathematics of the Legendre memory, against closed forms and golden values.
@Suite struct MemoryTests {
  @Test(arguments: ["matrices-small", "matrices-q16"]) func matricesAreGolden(_ name: String) throws {
    for golden in try Golden.read(Golden.Matrices.self, name).cases {
      let tolerance = golden.q > 8 ? 1e-10 : 1e-12
      #expect(LegendreSystem.dynamics(golden.q).values == golden.A.flatMap { $0 })
      #expect(LegendreSystem.drive(golden.q) == golden.B)
      let held = LegendreSystem(order: golden.q, window: golden.theta, rule: .zoh)
      #expect(largest(held.transition.values, golden.Ad_zoh.flatMap { $0 }) < tolerance)
      #expect(largest(held.input, golden.Bd_zoh) < tolerance)
      let euler = LegendreSystem(order: golden.q, window: golden.theta, rule: .euler)
      #expect(largest(euler.transition.values, golden.Ad_euler.flatMap { $0 }) < tolerance)
      #expect(largest(euler.input, golden.Bd_euler) < tolerance)
    }
  }
  @Test func publishedSizeIsGolden() throws {
    let golden = try Golden.read(Golden.Digest.self, "matrices-q256-digest")
    let system = LegendreSystem(order: golden.q, window: golden.theta, rule: .zoh), a = system.transition
    #expect(largest(golden.rows.flatMap { r in golden.cols.map { a[r, $0] } }, golden.Ad_zoh.flatMap { $0 }) < 1e-8)
    #expect(largest(golden.rows.map { system.input[$0] }, golden.Bd_zoh) < 1e-8)
    #expect(abs((0..<golden.q).reduce(0) { $0 + a[$1, $1] } - golden.trace) < 1e-8)
    #expect(abs(a.values.reduce(0) { $0 + $1 * $1 }.squareRoot() - golden.frobenius) < 1e-8)
    #expect(abs(a.values.reduce(0, +) - golden.sum) < 1e-8)
    #expect(abs(system.input.reduce(0) { $0 + abs($1) } - golden.abs_sum_Bd) < 1e-8)
  }
  @Test(arguments: [1, 2, 3, 5, 9, 20]) func constantsSettleOnTheFirstCoefficient(_ order: Int) {
    let a = LegendreSystem.dynamics(order), b = LegendreSystem.drive(order)
    let column = SquareMatrix(order) { i, j in j == 0 ? -b[i] : 0 }
    let solved = a.solved(column)
    #expect(largest((0..<order).map { solved[$0, 0] }, (0..<order).map { $0 == 0 ? 1 : 0 }) < 1e-9)
    #expect((0..<order).reduce(0) { $0 + a[$1, $1] } == -Double(order * order))
  }
  /// det(s·1 − A) at a few s, against the Padé denominators.
  @Test func characteristicPolynomials() {
    let polynomials: [[Double]] = [[1, 1], [6, 4, 1], [60, 36, 9, 1]]
    for (k, coefficients) in polynomials.enumerated() {
      for s in [0.0, 1, -2.5, 7] {
        let a = LegendreSystem.dynamics(k + 1)
        let matrix = SquareMatrix(k + 1) { i, j in (i == j ? s : 0) - a[i, j] }
        let value = coefficients.reversed().reduce(0) { $0 * s + $1 }
        #expect(abs(determinant(matrix) - value) < 1e-9 * max(1, abs(value)))
      }
    }
  }
  private func determinant(_ matrix: SquareMatrix) -> Double {
    guard matrix.size > 1 else { return matrix[0, 0] }
    return (0..<matrix.size).reduce(0) { sum, column in
      let minor = SquareMatrix(matrix.size - 1) { i, j in matrix[i + 1, j < column ? j : j + 1] }
      return sum + (column % 2 == 0 ? 1 : -1) * matrix[0, column] * determinant(minor)
    }
  }
  /// (A·m)ᵢ = (2i+1)·(Rᵢ − Sᵢ), S the sum behind i, R alternating up to i.
  @Test(arguments: [1, 4, 17]) func dynamicsIsSemiseparable(_ order: Int) {
    let random = RandomStream(seed: 4), m = (0..<order).map { random.normal($0) }
    var r = 0.0
    let fast = (0..<order).map { i in
      r = i == 0 ? -m[0] : -r - m[i]
      return Double(2 * i + 1) * (r - m[(i + 1)...].reduce(0, +))
    }
    #expect(largest(LegendreSystem.dynamics(order) * m, fast) < 1e-11)
  }
  @Test func impulsesAndWindowsAreGolden() throws {
    let golden = try Golden.read(Golden.Impulse.self, "memory-impulse")
    let system = LegendreSystem(order: golden.q, window: golden.theta, rule: .zoh)
    let impulse = system.response(to: [1] + Array(repeating: 0, count: golden.impulse.count - 1))
    #expect(largest(impulse.flatMap { $0 }, golden.impulse.flatMap { $0 }) < 1e-11)
    for (r, values) in zip(golden.legendre_r, golden.legendre) {
      #expect(largest(LegendrePolynomials.values(order: golden.q, at: r), values) < 1e-12)
    }
    let states = system.response(to: golden.u)
    #expect(largest(states.flatMap { $0 }, golden.m.flatMap { $0 }) < 1e-11)
    for (r, values) in zip(golden.legendre_r, golden.window) {
      #expect(largest(states.map { LegendreSystem.decoded($0, at: r) }, values) < 1e-11)
    }
  }
  /// q = 6 and one cycle within the window: the oldest edge is read to 0.70 %, the newest to 11 %.
  @Test(arguments: [(6, 1.0, 1.0, 0.0070), (6, 1, 0, 0.109), (12, 2, 1, 0.0001), (16, 3, 0.25, 0.002)])
  func delaysAreReadAsPrecisely(_ order: Int, _ cycles: Double, _ r: Double, _ expected: Double) {
    // Very short steps stand for continuous time.
    let window = 4000.0, system = LegendreSystem.shared(order: order, window: window, rule: .zoh)
    let wave = { (t: Double, shift: Double) in sin(2 * Double.pi * cycles * (t / window - shift)) }
    let states = system.response(to: (0..<24_000).map { wave(Double($0) + 0.5, 0) })
    let errors = (20_000..<24_000).map { t in
      LegendreSystem.decoded(states[t], at: r) - wave(Double(t) + 1, r)
    }
    let rms = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count) * 2).squareRoot()
    #expect(abs(rms - expected) < 0.04 * expected + 4e-4)
  }
  @Test func eulerBoundsAreThoseOfLongArithmetic() {
    let known = [2: 1.5, 4: 5.15, 6: 10.6, 8: 17.7, 16: 59.7, 32: 196.9, 64: 638.7]
    for (order, bound) in known { #expect(abs(EulerBound.window(order: order) - bound) < 0.051) }
    #expect(EulerBound.window(order: 1) == 0.5)
  }
  /// Just above the bound Euler's rule forgets, just below it grows.
  @Test(arguments: [1, 2, 3, 6, 12]) func eulerIsStableAboveItsBound(_ order: Int) {
    let bound = EulerBound.window(order: order)
    func size(_ window: Double) -> Double {
      var power = LegendreSystem(order: order, window: window, rule: .euler).transition
      for _ in 0..<16 { power = power * power }
      return power.norm
    }
    #expect(size(1.002 * bound) < 1e-3)
    #expect(!(size(0.998 * bound) < 1e3))
  }
  @Test(arguments: Discretisation.allCases) func slopesAreThoseOfFiniteDifferences(_ rule: Discretisation) {
    let window = 23.0, h = 1e-6
    let slopes = LegendreSystem(order: 5, window: window, rule: rule).slopes
    let up = LegendreSystem(order: 5, window: 1 / (1 / window + h), rule: rule)
    let down = LegendreSystem(order: 5, window: 1 / (1 / window - h), rule: rule)
    let a = up.transition.combined(0.5 / h, down.transition, -0.5 / h).values
    #expect(largest(slopes.transition.values, a) < 1e-5)
    #expect(largest(slopes.input, zip(up.input, down.input).map { ($0 - $1) / 2 / h }) < 1e-5)
  }
  /// The bilinear rule is stable for any window, and for long ones does what holding does.
  @Test func bilinearRule() {
    var power = LegendreSystem(order: 20, window: 3, rule: .bilinear).transition
    for _ in 0..<14 { power = power * power }
    #expect(power.norm < 1e-3)
    let signal = (0..<600).map { sin(Double($0) / 60) }
    let bilinear = LegendreSystem(order: 6, window: 400, rule: .bilinear).response(to: signal)
    let held = LegendreSystem(order: 6, window: 400, rule: .zoh).response(to: signal)
    #expect(largest(bilinear.flatMap { $0 }, held.flatMap { $0 }) < 0.02)
  }
  /// An order, a window and an input stretched by a factor hold the same.
  @Test func stretchedWindowsHoldTheSame() {
    func state(_ factor: Int) -> [Double] {
      let system = LegendreSystem(order: 8, window: Double(50 * factor), rule: .zoh)
      return system.response(to: (0..<120 * factor).map { sin((Double($0) + 0.5) / Double(9 * factor)) }).last ?? []
    }
    #expect(largest(state(1), state(4)) < 1e-2)
  }
  @Test func exponentialsOfKnownMatrices() {
    let turn = SquareMatrix(2) { i, j in i == j ? 0 : i < j ? -30 : 30 }.exponential
    #expect(largest(turn.values, [cos(30), -sin(30), sin(30), cos(30)]) < 1e-12)
    let nilpotent = SquareMatrix(3) { i, j in j == i + 1 ? 2 : 0 }.exponential
    #expect(largest(nilpotent.values, [1, 2, 2, 0, 1, 2, 0, 0, 1]) < 1e-14)
  }
}

/// The memory as a neuron and as a layer.
@Suite struct MemoryLayerTests {
  private func memory(_ change: (inout LegendreMemory) -> Void = { _ in }) -> LegendreMemory {
    var memory = LegendreMemory()
    change(&memory)
    return memory
  }
  private func layer(_ change: (inout LegendreLayer) -> Void = { _ in }) -> LegendreLayer {
    var layer = LegendreLayer()
    (layer.order, layer.window) = (5, .steps(6))
    change(&layer)
    return layer
  }
  @Test func declarationsAreSound() {
    #expect(checkDeclared(LegendreMemory.self) == [])
    #expect(checkDeclared(LegendreLayer.self) == [])
    #expect(checkDeclared(MemoryVerb.self) == [])
  }
  @Test func neuronObeysTheLaws() {
    #expect(checkNeuron(memory { $0.window = .ms(12) }).broken == [])
    #expect(checkNeuron(memory { ($0.order, $0.delay, $0.rule) = (3, .ms(40), .bilinear) }).broken == [])
  }
  /// In single precision and in a population it does what it does alone in double precision.
  @Test func populationsFollowTheDoubleTrace() {
    let neuron = memory { ($0.order, $0.window) = (8, .ms(30)) }
    let current = (0..<200).map { sin(Double($0) / 7) }, trace = neuron.trace(current: current, dt: .ms(1))
    let network = try? Network(input: [1], [Population(neuron)])
    guard let network else { return #expect(Bool(false)) }
    var pass = Pass(machine: Machine(), dt: .ms(1), parameters: Parameters(zeros: network.layout))
    let signal = Signal(Tensor(current.map(Float.init), [200]), steps: 200, batch: 1, features: [1])
    let output = network.forward(signal, &pass).values.values.map(Double.init)
    #expect(largest(output, trace.output) < 1e-5)
  }
  @Test func sendsTheInputOneDelayAgo() {
    let neuron = memory { ($0.order, $0.window, $0.delay) = (12, .ms(100), .ms(60)) }
    let current = (0..<600).map { sin(2 * Double.pi * Double($0) / 100) }
    let trace = neuron.trace(current: current, dt: .ms(1))
    // A held value stands for the middle of its step.
    let late = (300..<600).map { sin(2 * Double.pi * (Double($0) + 0.5 - 60) / 100) }
    #expect(largest(Array(trace.output[300...]), late) < 2e-3)
  }
  static let machines = [Machine(), Machine(backend: Native(), threads: 2)]

  @Test(arguments: [LegendreLayer.Reading.every, .last], [false, true])
  func gradientsAreThoseOfFiniteDifferences(_ reads: LegendreLayer.Reading, _ isConstant: Bool) throws {
    let layers: [any Layer] = [layer { $0.reads = reads }, Dense(3)]
    #expect(
      try checkLayers(layers, input: [4], batch: 5, steps: 7, isConstant: isConstant, machines: Self.machines) == [])
  }
  /// The recurrence, the product over all steps, and the run in double precision agree.
  @Test func oneProductIsTheRecurrence() throws {
    let random = RandomStream(seed: 2), steps = 40, features = 3, batch = 40
    let values = Tensor((0..<steps * batch * features).map { Float(random.normal($0)) }, [steps * batch * features])
    let signal = Signal(values, steps: steps, batch: batch, features: [features])
    func run(_ layer: LegendreLayer) throws -> Signal {
      let network = try Network(input: [features], [layer])
      var pass = Pass(machine: Self.machines[1], dt: .ms(1), parameters: Parameters(zeros: network.layout))
      return network.forward(signal, &pass)
    }
    let every = try run(layer { ($0.order, $0.window) = (9, .steps(30)) })
    let last = try run(layer { ($0.order, $0.window, $0.reads) = (9, .steps(30), .last) })
    #expect(last.isConstant && last.features == [features * 9])
    let n = every.neurons
    let ends = (0..<n).map { Double(every.values[(steps - 1) * n + $0]) }
    #expect(largest(ends, last.values.values.map(Double.init)) < 1e-5)
    let system = LegendreSystem(order: 9, window: 30, rule: .zoh)
    let fine = system.response(to: (0..<steps).map { Double(values[$0 * batch * features + 2]) }).last ?? []
    #expect(largest(Array(ends[18..<27]), fine) < 1e-5)
  }
}
