import Equations
import Language
import Spiking
import Testing

@Suite struct ProblemTests {
  private func problem(_ line: String) -> String {
    do {
      _ = try neuron(line)
      return "none"
    } catch let diagnostic as Diagnostic {
      return diagnostic.rendered(in: Source(line))
    } catch { return "\(error)" }
  }
  /// The first line of the message, and what the carets stand under.
  private func short(_ line: String) -> [String] {
    let rows = problem(line).split(separator: "\n").map(String.init)
    guard rows.count > 3, let first = rows[3].firstIndex(of: "^") else { return rows }
    let place = rows[2].distance(
      from: rows[2].startIndex,
      to: rows[2].index(rows[2].startIndex, offsetBy: rows[3].distance(from: rows[3].startIndex, to: first)))
    let length = rows[3].count { $0 == "^" }
    return [rows[0], String(rows[2].dropFirst(place).prefix(length))]
  }
  @Test func aWholeMessage() {
    #expect(
      problem("neuron define f { v' = (I - v)/tua; spike v >= 1 } tau=20ms") == """
        error[equation.name]: nothing in these equations is called 'tua'
         --> input:1:32
        1 | neuron define f { v' = (I - v)/tua; spike v >= 1 } tau=20ms
          |                                ^^^
          = help: did you mean 'tau'?
        """)
  }
  @Test(arguments: [
    ("v' = I - v; spike v >= 1", "error[equation.units]: 'v'' is a frequency, 'I - v' is a plain number", "I - v"),
    (
      "v' = (I - v)/ms; spike v >= 1mV; reset v = 0.5",
      "error[equation.units]: 'v' is a voltage, '0.5' is a plain number", "0.5"
    ),
    ("v' = -v/ms; spike v", "error[equation.condition]: 'v' is no condition", "v"),
    ("v' = -v/ms", "error[equation.missing]: these equations have no spike", "f"),
    ("x = 2; spike x > 1", "error[equation.missing]: these equations have no state variable", "f"),
    ("v' = a/ms; a = b; b = a; spike v > 1", "error[equation.circular]: 'a' is defined by itself", "a"),
    ("v' = -v/ms; v = 3; spike v > 1", "error[equation.taken]: 'v' is a state variable already", "v"),
    ("v' = -v/ms; ms = 3; spike v > 1", "error[equation.taken]: 'ms' is a unit already", "ms"),
    ("v' = -v/ms; I = 3; spike v > 1", "error[equation.taken]: 'I' is the input already", "I"),
    ("v' = -v/ms; exp = 3; spike v > 1", "error[equation.taken]: 'exp' is a function already", "exp"),
    ("v' = -v/ms; spike v > 1; reset w = 0", "error[equation.state]: 'w' is no state variable", "w"),
    ("v' = -v/ms; spike v > 1; reset v = 0; reset v = 1", "error[equation.twice]: there is a second reset of 'v'", "v"),
    (
      "v' = -v/ms; spike v > 1; refractory 3", "error[equation.units]: 'refractory' is a time, '3' is a plain number",
      "3"
    ),
    (
      "v' = -v/ms; spike v > 1; refractory v*ms",
      "error[equation.uniform]: the refractory time must not depend on state variables or on I", "v*ms"
    ),
    (
      "v' = -v/ms; start v = I; spike v > 1",
      "error[equation.uniform]: the start of 'v' must not depend on state variables or on I", "I"
    ),
    (
      "v' = -v/ms; spike v > 1; noise v 1",
      "error[equation.units]: 'noise v' is a quantity with a root of a unit, '1' is a plain number", "1"
    ),
    (
      "v' = -v^2/ms; spike v > 1; integrate exponential",
      "error[equation.linear]: the equation of 'v' is not linear in v", "-v^2/ms"
    ),
    ("v' = -v/ms; spike v > 1; integrate heun", "error[equation.method]: 'heun' is no way to integrate", "heun"),
    ("v' = mean(v)/ms; spike v > 1", "error[equation.function]: 'mean' is no function of equations", "mean"),
    ("v' = max(v)/ms; spike v > 1", "error[equation.arguments]: 'max' takes 2 numbers", "max(v)"),
    ("v' = exp(v)/ms; spike v > 1mV", "error[equation.units]: 'v' is a plain number, '1mV' is a voltage", "v > 1mV"),
    ("v' = -v/3bananas; spike v > 1", "error[unit.unknown]: 'bananas' is no unit", "3bananas"),
    ("v' = -v/ms; spike v > 1 as 2", "error[parse.sign]: a spike is sent as 1 or as -1", "2"),
    ("v' = -v/ms; spke v > 1", "error[parse.equation]: expected an equation, found 'spke'", "spke"),
    ("v' = -v/ms spike v > 1", "error[parse.expected]: expected ';' or the end of the row, found 'spike'", "spike"),
  ]) func problems(_ equations: String, _ message: String, _ place: String) {
    #expect(short("neuron define f { \(equations) }") == [message, place])
  }
  @Test func parametersMustOccur() {
    #expect(
      short("neuron define f { v' = -v/ms; spike v > 1 } a=2") == [
        "error[equation.unused]: the parameter 'a' occurs in no equation", "a",
      ])
  }
  /// Units that follow from others need not be given.
  @Test func dimensionsFollow() throws {
    let neuron = try neuron(
      "neuron define f { v' = (rest - v + R*I)/tau; spike v >= top; reset v = rest; start v = rest } tau=10ms R=100MOhm top=20mV rest=0mV"
    )
    #expect(neuron.inputUnit == "nA" && neuron.variables[0].unit == "V" && neuron.firingThreshold == 0.02)
    let trace = neuron.trace(current: [Double](repeating: 0.15, count: 100), dt: .ms(1))
    // 15 mV is where it settles, below the threshold.
    #expect(!trace.output.contains(1) && abs((trace.values[0].last ?? 0) - 0.015) < 1e-5)
  }
  @Test func unfinishedEquationsWait() {
    for line in ["neuron define f {", "neuron define f { v' =", "neuron define f { v' = -v/ms; spike v > 1"] {
      #expect(Parser.parse(Source(line)).isUnfinished)
    }
    #expect(!Parser.parse(Source("neuron define f { v' = -v/ms; spike v > 1 }")).isUnfinished)
  }
  /// Minus and slash operate between names, as nowhere else.
  @Test func namesAreShort() throws {
    #expect(
      try neuron("neuron define f { v' = (I-v)/tau-v/tau; spike v>=1; reset v=v-1 } tau=20ms").variables.map(\.name)
        == ["v"])
  }
}
