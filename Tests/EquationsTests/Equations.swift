import Equations
import Language
import Spiking

/// The neuron that a line defines; parameters are numbers with or without unit.
func neuron(_ line: String) throws -> EquationNeuron {
  let source = Source(line), parsed = Parser.parse(source)
  if let problem = parsed.diagnostics.first { throw problem }
  guard case .defineNeuron(let definition)? = parsed.program.lines.first?.statement else { throw Missing() }
  let parameters = try definition.settings.map { setting in
    guard let name = setting.name, case .number(let x, let unit) = setting.value.kind else { throw Missing() }
    return EquationModel.Parameter(name, unit.flatMap(Unit.init).map { Quantity(x, $0) } ?? Quantity(x))
  }
  return try EquationNeuron(definition, parameters: parameters, source: source)
}
struct Missing: Error {}
