import Accelerated
import Compute
import Foundation
import Spiking
import TestSupport
import Testing

@testable import HybridLMU

extension Golden {
  /// A number, or "inf".
  struct Quanta: Decodable {
    var value: Double
    init(from decoder: any Decoder) throws {
      let box = try decoder.singleValueContainer()
      value = (try? box.decode(Double.self)) ?? .infinity
    }
  }
  struct Cell: Decodable {
    struct Extents: Decodable { var dx: Int, c: Int, q: Int, n: Int, k: Int, T: Int, B: Int, theta: Int }
    struct Weights: Decodable {
      var E_x: [[Double]], E_h: [[Double]], E_m: [[Double]], W_x: [[Double]], W_h: [[Double]], W_m: [[Double]]
      var b_h: [Double], W_o: [[Double]], b_o: [Double]
      var named: [(String, [Double])] {
        [
          ("lmu1.E_x", E_x.flatMap { $0 }), ("lmu1.E_h", E_h.flatMap { $0 }), ("lmu1.E_m", E_m.flatMap { $0 }),
          ("lmu1.W_x", W_x.flatMap { $0 }), ("lmu1.W_h", W_h.flatMap { $0 }), ("lmu1.W_m", W_m.flatMap { $0 }),
          ("lmu1.bias", b_h), ("dense1.weight", W_o.flatMap { $0 }), ("dense1.bias", b_o),
        ]
      }
    }
    var dims: Extents, omega_h: Quanta, omega_m: Quanta, pool: String, params: Weights, x: [[[Double]]]
    var labels: [Int], u: [[[Double]]], m: [[[[Double]]]], mo: [[[[Double]]]], a: [[[Double]]], ho: [[[Double]]]
    var logits: [[Double]], loss: Double, grads: Weights, grad_x: [[[Double]]]
    var grad_Ad: [[Double]], grad_Bd: [Double]

    /// [sample][step][…] as [step][sample][…].
    func timeFirst(_ values: [[[Double]]]) -> [Double] {
      (0..<dims.T).flatMap { t in values.flatMap { $0[t] } }
    }
    func network(_ change: (inout LMU) -> Void = { _ in }) throws -> Network {
      var layer = LMU()
      (layer.units, layer.memory, layer.channels, layer.bias) = (dims.n, dims.q, dims.c, true)
      (layer.window, layer.omegaH, layer.omegaM) = (.steps(dims.theta), omega_h.value, omega_m.value)
      change(&layer)
      var network = try Network(input: [dims.dx], [layer, Dense(dims.k)])
      network.carry = pool == "last" ? 0 : 1
      return network
    }
    func parameters(_ layout: ParameterLayout) -> Parameters {
      var parameters = Parameters(zeros: layout)
      for (name, values) in params.named { parameters[name] = values.map(Float.init) }
      if layout["lmu1.rate"] != nil { parameters["lmu1.rate"] = [1 / Float(dims.theta)] }
      return parameters
    }
    var signal: Signal {
      let values = timeFirst(x).map(Float.init)
      return Signal(Tensor(values, [values.count]), steps: dims.T, batch: dims.B, features: [dims.dx])
    }
    /// ∂(mean loss)/∂logits.
    func gradient(_ logits: [Float]) -> [Float] {
      (0..<dims.B).flatMap { b -> [Float] in
        let row = (0..<dims.k).map { exp(Double(logits[b * dims.k + $0])) }, sum = row.reduce(0, +)
        return (0..<dims.k).map { Float((row[$0] / sum - ($0 == labels[b] ? 1 : 0)) / Double(dims.B)) }
      }
    }
  }
}

/// The recurrent layer against an independent implementation.
@Suite struct CellTests {
  static let names = ["cell-smooth", "cell-smooth-channels", "cell-hybrid-ternary", "cell-hybrid-multibit"]
  static let machines = [Machine(), Machine(backend: Native(), threads: 2)]

  @Test(arguments: names, [0, 1]) func cellsAreGolden(_ name: String, _ place: Int) throws {
    let golden = try Golden.read(Golden.Cell.self, name), network = try golden.network()
    let parameters = golden.parameters(network.layout), machine = Self.machines[place]
    var pass = Pass(machine: machine, dt: .ms(1), parameters: parameters, gradients: true)
    pass.records = [:]
    let reader = network.readingOut(), tape = reader.trace(golden.signal, &pass)
    func recorded(_ part: String) -> [Double] { pass.records?["lmu1.\(part)"]?.values.map(Double.init) ?? [] }
    #expect(largest(recorded("u"), golden.timeFirst(golden.u)) < 2e-6)
    #expect(largest(recorded("m"), golden.timeFirst(golden.m.map { $0.map { $0.flatMap { $0 } } })) < 2e-6)
    #expect(largest(recorded("sent"), golden.timeFirst(golden.mo.map { $0.map { $0.flatMap { $0 } } })) < 2e-6)
    #expect(largest(recorded("a"), golden.timeFirst(golden.a)) < 2e-6)
    #expect(largest(tape[1].values.values.map(Double.init), golden.timeFirst(golden.ho)) < 2e-6)
    let logits = tape[reader.nodes.count].values.values
    #expect(largest(logits.map(Double.init), golden.logits.flatMap { $0 }) < 4e-6)

    let upstream = Signal(
      Tensor(golden.gradient(logits), [golden.dims.B * golden.dims.k]), steps: 1, batch: golden.dims.B,
      features: [golden.dims.k], isConstant: true)
    let sent = reader.backward(upstream, tape, &pass, needsInput: true)
    for (name, values) in golden.grads.named {
      #expect(largest(pass.gradients?[name].map(Double.init) ?? [], values) < 2e-6, "\(name)")
    }
    #expect(largest(sent?.values.values.map(Double.init) ?? [], golden.timeFirst(golden.grad_x)) < 2e-6)
  }
  /// The gradient of the window from those of Ā and B̄.
  @Test(arguments: names) func windowsAreGolden(_ name: String) throws {
    let golden = try Golden.read(Golden.Cell.self, name), network = try golden.network { $0.learnsWindow = true }
    var pass = Pass(
      machine: Self.machines[1], dt: .ms(1), parameters: golden.parameters(network.layout), gradients: true)
    let reader = network.readingOut(), tape = reader.trace(golden.signal, &pass)
    let upstream = Signal(
      Tensor(golden.gradient(tape[reader.nodes.count].values.values), [golden.dims.B * golden.dims.k]), steps: 1,
      batch: golden.dims.B, features: [golden.dims.k], isConstant: true)
    reader.backward(upstream, tape, &pass)
    let slopes = LegendreSystem(order: golden.dims.q, window: Double(golden.dims.theta), rule: .zoh).slopes
    let expected =
      zip(slopes.transition.values, golden.grad_Ad.flatMap { $0 }).reduce(0) { $0 + $1.0 * $1.1 }
      + zip(slopes.input, golden.grad_Bd).reduce(0) { $0 + $1.0 * $1.1 }
    let found = Double(pass.gradients?["lmu1.rate"].first ?? .nan)
    #expect(abs(found - expected) < 1e-5 * max(1, abs(expected)))
  }
  /// With many quanta the layer is the smooth one, and so are its gradients.
  @Test func manyQuantaAreNumbers() throws {
    let golden = try Golden.read(Golden.Cell.self, "cell-smooth")
    func gradients(_ omega: Double) throws -> [Double] {
      let network = try golden.network { ($0.omegaH, $0.omegaM) = (omega, omega) }
      var pass = Pass(machine: Machine(), dt: .ms(1), parameters: golden.parameters(network.layout), gradients: true)
      let reader = network.readingOut(), tape = reader.trace(golden.signal, &pass)
      let upstream = Signal(
        Tensor(golden.gradient(tape[reader.nodes.count].values.values), [6]), steps: 1, batch: 2, features: [3],
        isConstant: true)
      reader.backward(upstream, tape, &pass)
      return pass.gradients?.flat.values.map(Double.init) ?? []
    }
    let smooth = try gradients(.infinity)
    #expect(smooth == (try gradients(1e6)))
    #expect(largest(smooth, try gradients(1e5)) < 1e-4)
    #expect(largest(smooth, try gradients(2)) > 1e-3)
  }

  private static func layer(_ change: (inout LMU) -> Void) -> LMU {
    var layer = LMU()
    (layer.units, layer.memory, layer.window) = (5, 4, .steps(6))
    change(&layer)
    return layer
  }
  static let variants: [LMU] = [
    layer { $0.bias = true }, layer { ($0.channels, $0.memory, $0.initial) = (3, 2, .mackeyGlass) },
    layer { ($0.encodes, $0.reads) = ([.x], [.x, .m]) }, layer { ($0.encodes, $0.reads) = ([.h, .m], [.h, .x]) },
    layer { ($0.activation, $0.rule) = (.linear, .bilinear) },
    layer { ($0.rule, $0.window, $0.learnsWindow) = (.euler, .steps(12), true) }, layer { $0.learnsWindow = true },
  ]
  @Test(arguments: variants, [false, true])
  func gradientsAreThoseOfFiniteDifferences(_ layer: LMU, _ isConstant: Bool) throws {
    let broken = try checkLayers(
      [layer, Dense(2)], input: [3], batch: 4, steps: 20, isConstant: isConstant, scale: 0.4, tolerance: 4e-3,
      step: 1e-3, machines: Self.machines)
    #expect(broken == [])
  }
  @Test func declarationsAreSound() { #expect(checkDeclared(LMU.self) == []) }

  private func output(_ network: Network, _ signal: Signal, _ machine: Machine, samples: [Int]? = nil) -> Tensor {
    var pass = Pass(
      machine: machine, dt: .ms(1), parameters: Parameters(initial: network.layout, random: RandomStream(seed: 3)),
      random: RandomStream(seed: 4))
    pass.samples = samples
    return network.forward(signal, &pass).values
  }
  /// A sample sends the same alone and in a batch, on any number of threads, with random starts and draws too.
  @Test(arguments: [Rounding.diffusing, .nearest, .stochastic])
  func samplesDoNotDependOnTheirBatch(_ rounding: Rounding) throws {
    var layer = LMU()
    (layer.units, layer.memory, layer.window, layer.channels) = (21, 7, .steps(9), 2)
    (layer.omegaH, layer.omegaM, layer.rounding, layer.start) = (1.5, 4, rounding, .random)
    let network = try Network(input: [3], [layer]), random = RandomStream(seed: 9), steps = 12, batch = 70
    let values = Tensor((0..<steps * batch * 3).map { Float(random.normal($0)) }, [steps * batch * 3])
    let signal = Signal(values, steps: steps, batch: batch, features: [3])
    let native = Machine(backend: Native(), threads: 1)
    let whole = output(network, signal, native)
    #expect(output(network, signal, Machine(backend: Native(), threads: 3)).bits == whole.bits)
    for sample in [0, 33, 69] {
      let own = Tensor((0..<steps).flatMap { t in (0..<3).map { values[(t * batch + sample) * 3 + $0] } }, [steps * 3])
      let alone = output(
        network, Signal(own, steps: steps, batch: 1, features: [3]), native, samples: [sample])
      let within = (0..<steps).flatMap { t in (0..<21).map { whole[(t * batch + sample) * 21 + $0] } }
      #expect(alone.values == within)
    }
    #expect(Set(whole.values.map { ($0 * 1.5).rounded() / 1.5 }).count < 8)
  }
  /// A recorder, and keeping what the way back needs, change no bit, whatever is rounded.
  @Test(arguments: [Double.infinity, 3], [1, 2]) func keepingChangesNothing(_ omega: Double, _ channels: Int) throws {
    var layer = LMU()
    (layer.units, layer.memory, layer.window, layer.channels) = (9, 5, .steps(7), channels)
    (layer.omegaH, layer.omegaM) = (omega, omega)
    let network = try Network(input: [2], [layer]), random = RandomStream(seed: 5)
    let signal = Signal(
      Tensor((0..<30 * 6 * 2).map { Float(random.normal($0)) }, [360]), steps: 30, batch: 6, features: [2])
    func run(gradients: Bool, records: Bool) -> [UInt32] {
      var pass = Pass(
        machine: Self.machines[1], dt: .ms(1),
        parameters: Parameters(initial: network.layout, random: RandomStream(seed: 3)), gradients: gradients)
      if records { pass.records = [:] }
      return network.forward(signal, &pass).values.bits
    }
    let plain = run(gradients: false, records: false)
    #expect(run(gradients: true, records: false) == plain)
    #expect(run(gradients: false, records: true) == plain)
  }
  /// Linear hidden units that read only the memory, which holds only the input, are a memory and a dense layer.
  @Test func openLayerIsAMemoryAndADenseLayer() throws {
    var layer = LMU()
    (layer.units, layer.memory, layer.window, layer.activation) = (4, 6, .steps(10), .linear)
    (layer.encodes, layer.reads, layer.initial) = ([.x], [.m], .psmnist)
    var memory = LegendreLayer()
    (memory.order, memory.window) = (6, .steps(10))
    var dense = Dense(4)
    dense.bias = false
    let one = try Network(input: [1], [layer]), two = try Network(input: [1], [memory, dense])
    var first = Parameters(initial: one.layout, random: RandomStream(seed: 1)), second = Parameters(zeros: two.layout)
    #expect(first["lmu1.E_x"] == [1])
    first["lmu1.W_m"] = (0..<24).map { Float($0) / 10 - 1 }
    second["dense1.weight"] = first["lmu1.W_m"]
    let signal = Signal(Tensor((0..<60).map { sin(Float($0)) }, [60]), steps: 30, batch: 2, features: [1])
    var pass = Pass(machine: Machine(), dt: .ms(1), parameters: first)
    let a = one.forward(signal, &pass)
    pass = Pass(machine: Machine(), dt: .ms(1), parameters: second)
    let b = two.forward(signal, &pass)
    #expect(largest(a.values.values.map(Double.init), b.values.values.map(Double.init)) < 1e-5)
  }
  @Test func publishedSizeHasItsParameters() throws {
    var layer = LMU()
    (layer.units, layer.memory, layer.window) = (212, 256, .steps(784))
    let network = try Network(input: [1], [layer, Dense(10)])
    #expect(network.layout.valueCount == 102_027)
  }
  @Test func initialWeightsAreThoseTold() throws {
    func values(_ start: LMU.Start, _ name: String) throws -> [Float] {
      var layer = LMU()
      (layer.units, layer.memory, layer.initial) = (200, 100, start)
      let network = try Network(input: [12], [layer])
      return Parameters(initial: network.layout, random: RandomStream(seed: 1))["lmu1.\(name)"]
    }
    #expect(try values(.published, "E_m").allSatisfy { $0 == 0 })
    #expect(try values(.published, "E_x").allSatisfy { abs($0) <= 0.5 })
    let w = try values(.published, "W_m"), variance = w.reduce(0) { $0 + $1 * $1 } / Float(w.count)
    #expect(abs(variance * 150 - 1) < 0.05)
    #expect(try values(.psmnist, "W_h").allSatisfy { $0 == 0 })
    #expect(try values(.psmnist, "W_x").allSatisfy { $0 == 0 })
    #expect(try values(.mackeyGlass, "W_h").contains { abs($0) > 0.04 })
    #expect(try values(.mackeyGlass, "W_h").allSatisfy { abs($0) <= 0.05 })
    #expect(try values(.open, "E_h").allSatisfy { $0 == 0 } && values(.open, "W_h").allSatisfy { $0 == 0 })
  }
}
