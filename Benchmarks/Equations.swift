import Classic
import Compute
import Equations
import Language
import Spiking

/// Neuron-steps a second of one thread, forward and back, for a leaky neuron written as equations and the built-in one.
func measureEquations() throws {
  let source = Source("neuron define leaky { v' = (I - v)/tau; spike v >= 1; reset v = 0 } tau=20ms")
  guard case .defineNeuron(let definition)? = Parser.parse(source).program.lines.first?.statement else { return }
  let tau = EquationModel.Parameter(Name("tau", definition.name.span), Quantity(0.02, .time))
  let neurons: [(String, any Neuron)] = [
    ("equations", try EquationNeuron(definition, parameters: [tau], source: source)),
    ("built in", LeakyIntegrateAndFire()),
  ]
  let count = 2048, steps = 100, runs = 20
  let input = Signal(
    Tensor((0..<count * steps).map { Float($0 % 97) / 30 }, [count * steps]), steps: steps, batch: 1, features: [count])
  for (name, neuron) in neurons {
    let network = try Network(input: [count], [Population(neuron)])
    var pass = Pass(machine: machine, dt: .ms(1), parameters: Parameters(zeros: network.layout), gradients: true)
    var tape = network.trace(input, &pass)
    let forward = Measurement("lif, \(name), forward", unit: "neuron-steps/s") {
      Double(count * steps * runs) / processorSeconds { for _ in 0..<runs { tape = network.trace(input, &pass) } }
    }
    print(forward.line)
    let backward = Measurement("lif, \(name), gradient", unit: "neuron-steps/s") {
      Double(count * steps * runs)
        / processorSeconds { for _ in 0..<runs { network.backward(input, tape, &pass, needsInput: true) } }
    }
    print(backward.line)
  }
}
