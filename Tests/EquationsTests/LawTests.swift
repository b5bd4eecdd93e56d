import Accelerated
import Classic
import Compute
import Equations
import Foundation
import Laws
import Spiking
import TestSupport
import Testing

private let lif = "neuron define f { v' = (I - v)/tau; spike v >= 1; reset v = 0 } tau=20ms"
private let zoo = [
  lif,
  "neuron define f { v' = (I - v)/tau; spike v >= 1; reset v = 0; refractory pause } tau=20ms pause=3ms",
  "neuron define f { v' = (I - v - w)/tau; w' = -w/slow; spike v >= 1; reset v = 0, w = w + jump } tau=20ms slow=100ms jump=0.2",
  "neuron define f { v' = (I - v)/tau; spike v >= 1; spike v <= -1 as -1; reset v = 0 } tau=5ms",
  "neuron define f { v' = (v^3/3 - v - u + I)/ms/10; u' = 0.08*(v + 0.7 - 0.8*u)/ms; spike v > 1 and u < 2; reset v = -1 }",
  "neuron define f { x = tanh(v)*exp(-u^2); v' = (x - v*abs(v) + I)/tau; u' = (sqrt(1 + v^2) - u)/tau; spike max(v, u) >= 0.7; reset v = 0, u = 0 } tau=5ms",
  "neuron define f { v' = (I - v)/tau; noise v 2/sqrt(s); spike v >= 1; reset v = 0 } tau=20ms",
  "neuron define f { v' = -v*(1 + w)/tau + I/tau; w' = (v - w)/tau; spike v >= 0.5; reset v = v - 0.5; integrate euler } tau=10ms",
]

@Suite struct LawTests {
  @Test(arguments: zoo) func theyAreNeurons(_ line: String) throws {
    let neuron = try neuron(line)
    #expect(checkNeuron(neuron).broken == [])
    #expect(checkPullback(neuron).broken == [])
  }

  private func current(_ steps: Int) -> [Double] { (0..<steps).map { 1.5 + sin(Double($0) / 7) } }

  /// A linear equation is solved exactly: the same spikes and potentials as the built-in neuron.
  @Test func leakyIsTheBuiltInOne() throws {
    let mine = try neuron(lif).trace(current: current(400), dt: .ms(1))
    let theirs = LeakyIntegrateAndFire().trace(current: current(400), dt: .ms(1))
    #expect(mine.output == theirs.output && mine.output.contains(1))
    #expect(zip(mine.values[0], theirs.values[0]).allSatisfy { abs($0 - $1) < 1e-12 })
  }
  @Test func refractoryIsTheBuiltInOne() throws {
    var theirs = LeakyIntegrateAndFire()
    theirs.refractory = .ms(3)
    let mine = try neuron(zoo[1]).trace(current: current(400), dt: .ms(1))
    #expect(mine.output == theirs.trace(current: current(400), dt: .ms(1)).output)
  }
  /// Runge–Kutta steps of 0.1 ms that stop at the spike, as in the built-in neuron.
  @Test(arguments: [0.1, 0.5, 1]) func izhikevichIsTheBuiltInOne(_ dt: Double) throws {
    let mine = try neuron(
      "neuron define f { v' = (0.04*v^2 + 5*v + 140 - u + I)/ms; u' = a*(b*v - u)/ms; spike v >= 30; reset v = c, u = u + d; start v = c; start u = b*c } a=0.02 b=0.2 c=-65 d=8"
        .replacing("c=-65", with: "c=65").replacing("reset v = c", with: "reset v = -c").replacing(
          "start v = c", with: "start v = -c"
        ).replacing("b*c", with: "-b*c"))
    let input = [Double](repeating: 10, count: 2000)
    let (a, b) = (mine.trace(current: input, dt: .ms(dt)), Izhikevich().trace(current: input, dt: .ms(dt)))
    let spikes = (a.output.count { $0 > 0 }, b.output.count { $0 > 0 })
    #expect(spikes.0 > 3 && abs(spikes.0 - spikes.1) <= 1, "\(spikes)")
  }
  /// In single precision a strip gives what double precision gives, until a rounding decides a spike.
  @Test(arguments: zoo.filter { !$0.contains("noise") }) func stripsFollowTheTrace(_ line: String) throws {
    let neuron = try neuron(line), steps = 60
    let network = try Network(input: [130], [Population(neuron)])
    let input = (0..<steps).flatMap { t in (0..<130).map { Float(sin(Double(t) / 5) * Double($0) / 60) } }
    var pass = Pass(machine: Machine(), dt: .ms(1), parameters: Parameters(zeros: network.layout))
    pass.records = [:]
    _ = network.forward(Signal(Tensor(input, [input.count]), steps: steps, batch: 1, features: [130]), &pass)
    let record = try #require(pass.records?.first { $0.key.hasSuffix("." + neuron.variables[0].name) }?.value)
    var far = 0
    for i in 0..<130 {
      let trace = neuron.trace(current: (0..<steps).map { Double(input[$0 * 130 + i]) }, dt: .ms(1)).values[0]
      if (0..<steps).contains(where: { abs(trace[$0] - Double(record[$0 * 130 + i])) > 1e-3 }) { far += 1 }
    }
    #expect(far <= 3, "\(far) of 130")
  }

  /// Below the threshold the gradient is that of the surrogate's integral, which is smooth: central differences.
  @Test(arguments: [zoo[0], zoo[2], zoo[4], zoo[5], zoo[7]], [Surrogate.Shape.arctan, .sigmoid])
  func gradientsAreFiniteDifferences(_ line: String, _ shape: Surrogate.Shape) throws {
    // A threshold out of reach, and still in reach of a broad surrogate.
    let text = line.replacing(">= 1", with: ">= 100").replacing("v > 1 and u < 2", with: "v >= 100")
      .replacing("max(v, u) >= 0.7", with: "v + u >= 100").replacing(">= 0.5", with: ">= 100")
    var neuron = try neuron(text)
    neuron.surrogate = Surrogate(shape)
    let steps = 15, random = RandomStream(seed: 3)
    let input = (0..<steps).map { Double(random.uniform($0)) },
      upstream = (0..<steps).map { random.uniform(100 + $0) - 0.5 }
    let usesSum = text.contains("v + u")
    func loss(_ input: [Double]) -> Double {
      let values = neuron.trace(current: input, dt: .ms(1)).values
      return (0..<steps).reduce(0) { sum, t in
        let v = values[0][t] + (usesSum ? values[1][t] : 0)
        return sum + Double(upstream[t]) * neuron.surrogate.value((v - 100) / 100)
      }
    }
    let gradient = gradient(of: neuron, input.map { Float($0) }, upstream)
    for t in 0..<steps {
      var (up, down) = (input, input)
      up[t] += 1e-4
      down[t] -= 1e-4
      let difference = (loss(up) - loss(down)) / 2e-4, scale = gradient.map { abs(Double($0)) }.max() ?? 0
      #expect(scale > 0 && abs(difference - Double(gradient[t])) < 2e-3 * scale, "step \(t)")
    }
  }
  /// Through spikes: what the built-in neurons give, resets and adaptation included.
  @Test func gradientsThroughSpikesAreThoseOfLIF() throws {
    let random = RandomStream(seed: 5), input = (0..<200).map { 3 * random.uniform($0) }
    let upstream = (0..<200).map { random.uniform(1000 + $0) - 0.5 }
    let mine = gradient(of: try neuron(lif), input, upstream),
      theirs = gradient(of: LeakyIntegrateAndFire(), input, upstream)
    let size = theirs.map { abs($0) }.max() ?? 0
    #expect(size > 0 && zip(mine, theirs).allSatisfy { abs($0 - $1) < 1e-5 * size })
  }
  @Test func adaptationIsDifferentiated() throws {
    func line(_ jump: String) -> String {
      "neuron define f { v' = (I - v - w)/tau; w' = -w/slow; spike v >= 1; reset v = 0, w = \(jump) } tau=5ms slow=50ms"
    }
    let input = [Float](repeating: 1.5, count: 60), upstream = [Float](repeating: 1, count: 60)
    let added = gradient(of: try neuron(line("w + 0.5")), input, upstream)
    let set = gradient(of: try neuron(line("0.25 + w*1 + 0.25")), input, upstream)
    #expect(added == set)
    // A reset that is no sum sends nothing back through the spike.
    #expect(added != gradient(of: try neuron(line("max(w + 0.5, w)")), input, upstream))
  }
  private func gradient(of neuron: any Neuron, _ input: [Float], _ upstream: [Float]) -> [Float] {
    guard let network = try? Network(input: [1], [Population(neuron)]) else { return [] }
    var pass = Pass(machine: Machine(), dt: .ms(1), parameters: Parameters(zeros: network.layout), gradients: true)
    let signal = Signal(Tensor(input, [input.count]), steps: input.count, batch: 1, features: [1])
    let tape = network.trace(signal, &pass)
    let sent = Signal(Tensor(upstream, [upstream.count]), steps: input.count, batch: 1, features: [1])
    return network.backward(sent, tape, &pass, needsInput: true)?.values.values ?? []
  }

  /// √t, and a draw for each neuron, sample and step.
  @Test func noiseGrowsWithTheRootOfTime() throws {
    let neuron = try neuron("neuron define f { v' = 0/ms; noise v 3/sqrt(s); spike v >= 1e9; reset v = 0 }")
    let network = try Network(input: [4000], [Population(neuron)])
    func last(threads: Int) -> [Float] {
      var pass = Pass(
        machine: Machine(backend: Native(), threads: threads), dt: .ms(1),
        parameters: Parameters(zeros: network.layout),
        random: RandomStream(seed: 8))
      pass.records = [:]
      _ = network.forward(
        Signal(Tensor(zeros: [4000]), steps: 50, batch: 1, features: [4000], isConstant: true), &pass)
      return Array((pass.records?.first { $0.key.hasSuffix(".v") }?.value.values ?? []).suffix(4000))
    }
    let values = last(threads: 1), sd = (values.reduce(0) { $0 + $1 * $1 } / 4000).squareRoot()
    #expect(abs(sd - 3 * Float(0.05).squareRoot()) < 0.03)
    #expect(values.map(\.bitPattern) == last(threads: 2).map(\.bitPattern))
  }
  @Test func valuesChangeANeuron() throws {
    let base = try neuron(lif), fast = try base.applying([("tau", .quantity(Quantity(0.005, .time)))])
    #expect(fast.settingsText == "tau=5ms" && base.settingsText == "tau=20ms")
    let input = current(100)
    #expect(fast.trace(current: input, dt: .ms(1)) != base.trace(current: input, dt: .ms(1)))
    #expect(throws: SettingProblem.self) { try base.applying([("tau", .quantity(Quantity(1)))]) }
    #expect(throws: SettingProblem.self) { try base.applying([("theta", .quantity(Quantity(1)))]) }
  }
  /// What is written defines the same neuron.
  @Test(arguments: zoo) func definitionsAreRead(_ line: String) throws {
    let first = try neuron(line), again = try neuron(first.definition)
    #expect(again.definition == first.definition)
    guard !line.contains("noise") else { return }
    #expect(again.trace(current: current(50), dt: .ms(1)) == first.trace(current: current(50), dt: .ms(1)))
  }
}
