internal import Language
internal import Spiking

extension EquationModel {
  /// One step of the neuron as terms of a graph.
  struct Step: Sendable {
    var graph: Graph
    /// The values that state variables start from.
    var start: [Term]
    /// State variables, and steps of silence that are left, before firing and after.
    var integrated: [Term], after: [Term]
    var sent: Term
    /// How far each spike condition is from holding, and the sign of what it sends.
    var distances: [(term: Term, sign: Int)]
    /// ∂L/∂state before and ∂L/∂I, from `.adjoint`, `.upstream` and `.slope` leaves.
    var gradients: [Term]
  }
  /// Whether a state of its own counts the steps of silence.
  var counts: Bool { refractory != nil }
  var usesNoise: Bool { states.contains { $0.noise != nil } }

  /// - Throws: `Diagnostic` where an equation is not linear and was to be solved as if it were.
  func requireMethod() throws {
    guard method == .exponential else { return }
    var compiler = Compiler(self)
    for (k, form) in compiler.linearForms().enumerated() where form == nil {
      throw EquationProblems.notLinear(states[k].name.text, states[k].derivative.span)
    }
  }
  func step(_ dt: Time) -> Step {
    var compiler = Compiler(self)
    let before = compiler.states, zero = compiler.graph.constant(0)
    let waiting = counts ? compiler.graph.leaf(.state(states.count)) : nil
    let waits = waiting.map { compiler.graph.apply(.less, [zero, $0]) } ?? zero
    var moved = compiler.integrated(dt, unless: waits)
    moved[0] = compiler.graph.select(waits, before[0], moved[0])

    let (sent, fires, distances) = compiler.with(moved) { compiler in compiler.spikes(unless: waits) }
    let resets = compiler.with(moved) { compiler in states.map { $0.reset.map { compiler.term($0) } } }
    var after = moved.indices.map { k in resets[k].map { compiler.graph.select(fires, $0, moved[k]) } ?? moved[k] }
    var integrated = moved
    if let waiting {
      integrated.append(waiting)
      after.append(compiler.silence(waiting, fires))
    }
    let start = states.map { $0.start.map { compiler.term($0) } ?? zero } + (counts ? [zero] : [])
    let jumps = compiler.jumps(resets, from: moved, distances)
    let gradients = compiler.gradients(before, after, distances, jumps, unless: waits)
    return Step(
      graph: compiler.graph, start: start, integrated: integrated, after: after, sent: sent, distances: distances,
      gradients: gradients)
  }
}

extension Compiler {
  /// What is sent, whether anything is, and the distances of all conditions. The first condition that holds counts.
  fileprivate mutating func spikes(unless waits: Term) -> (
    sent: Term, fires: Term, distances: [(term: Term, sign: Int)]
  ) {
    var sent = graph.constant(0), free = graph.not(waits), fires = graph.constant(0)
    var distances: [(term: Term, sign: Int)] = []
    for (condition, sign) in model.spikes {
      let holds = graph.multiply(free, term(condition))
      free = graph.subtract(free, holds)
      fires = graph.add(fires, holds)
      sent = sign > 0 ? graph.add(sent, holds) : graph.subtract(sent, holds)
      distances.append((distance(condition), sign))
    }
    return (sent, fires, distances)
  }
  /// Steps of silence after this one.
  fileprivate mutating func silence(_ waiting: Term, _ fires: Term) -> Term {
    let dt = graph.leaf(.dt), zero = graph.constant(0)
    let time = model.refractory.map { term($0) } ?? zero
    let pause = graph.apply(.maximum, [zero, graph.apply(.round, [graph.divide(time, dt)])])
    return graph.select(fires, pause, graph.apply(.maximum, [zero, graph.subtract(waiting, graph.constant(1))]))
  }
  /// What a spike adds to variables that it does not depend on, as adaptation: this part of a reset is differentiated.
  fileprivate mutating func jumps(_ resets: [Term?], from moved: [Term], _ distances: [(term: Term, sign: Int)]) -> [(
    state: Int, size: Term
  )] {
    let compared = graph.needed(for: distances.map(\.term))
    return resets.indices.compactMap { k in
      guard let reset = resets[k], !compared[moved[k]], let form = graph.linear(reset, in: moved[k]),
        graph.constant(of: form.a) == 1
      else { return nil }
      return (k, form.b)
    }
  }
  /// Gradients with respect to the states before and the input: a spike's derivative times what it sends and adds.
  fileprivate mutating func gradients(
    _ before: [Term], _ after: [Term], _ distances: [(term: Term, sign: Int)], _ jumps: [(state: Int, size: Term)],
    unless waits: Term
  ) -> [Term] {
    var seeds = before.indices.map { (term: after[$0], gradient: graph.leaf(.adjoint($0))) }
    var added = graph.constant(0)
    for (k, size) in jumps { added = graph.add(added, graph.multiply(size, graph.leaf(.adjoint(k)))) }
    for (k, distance) in distances.enumerated() {
      let sent = graph.multiply(graph.constant(Double(distance.sign)), graph.leaf(.upstream))
      let slope = graph.multiply(graph.not(waits), graph.leaf(.slope(k)))
      seeds.append((distance.term, graph.multiply(slope, graph.add(sent, added))))
    }
    return graph.gradients(of: seeds, with: before + [graph.leaf(.current)])
  }

  // MARK: Integration

  /// a and b of every equation x' = a·x + b; nil for those that are not linear.
  fileprivate mutating func linearForms() -> [(a: Term, b: Term)?] {
    model.states.indices.map { graph.linear(term(model.states[$0].derivative), in: states[$0]) }
  }
  /// The state variables after one step, all from the values before it.
  fileprivate mutating func integrated(_ dt: Time, unless waits: Term) -> [Term] {
    let before = states, forms = linearForms().compactMap { $0 }
    var moved: [Term]
    switch model.method ?? (forms.count < before.count ? .rk4 : .exponential) {
    case .euler: moved = moving(before, along: slopes(before), by: graph.leaf(.dt))
    case .exponential: moved = before.indices.map { exponential(before[$0], forms[$0].a, forms[$0].b) }
    case .rk4: moved = rungeKutta(before, parts: Self.parts(of: dt), unless: waits)
    }
    let root = graph.apply(.sqrt, [graph.leaf(.dt)])
    for (k, state) in model.states.enumerated() {
      guard let noise = state.noise.map({ term($0) }) else { continue }
      moved[k] = graph.add(moved[k], graph.multiply(graph.multiply(noise, root), graph.leaf(.normal(k))))
    }
    return moved
  }
  /// Runge–Kutta steps are at most 0.1 ms long, a hundredth of very long steps.
  private static func parts(of dt: Time) -> Int { min(100, max(1, Int((dt.seconds / 1e-4 - 1e-6).rounded(.up)))) }

  private mutating func slopes(_ x: [Term]) -> [Term] {
    with(x) { compiler in compiler.model.states.map { compiler.term($0.derivative) } }
  }
  private mutating func moving(_ states: [Term], along slopes: [Term], by time: Term) -> [Term] {
    states.indices.map { graph.add(states[$0], graph.multiply(slopes[$0], time)) }
  }
  /// x·e^(a·dt) + b·(e^(a·dt) − 1)/a, exact where a and b are constant; b·dt where a is 0.
  private mutating func exponential(_ x: Term, _ a: Term, _ b: Term) -> Term {
    let dt = graph.leaf(.dt), power = graph.multiply(a, dt), zero = graph.constant(0)
    if graph.constant(of: a) == 0 { return graph.add(x, graph.multiply(b, dt)) }
    let growth = graph.apply(.exp, [power])
    let gain: Term
    if graph.isUniform[a] {
      gain = graph.select(graph.apply(.equal, [a, zero]), dt, graph.divide(graph.apply(.expm1, [power]), a))
    } else {
      // Near 0 the quotient loses its digits; the series does not.
      let isSmall = graph.apply(.less, [graph.apply(.abs, [power]), graph.constant(1e-3)])
      let series = graph.add(graph.constant(1), graph.multiply(power, graph.constant(0.5)))
      let safe = graph.select(isSmall, graph.constant(1), power)
      let quotient = graph.divide(graph.subtract(growth, graph.constant(1)), safe)
      gain = graph.multiply(dt, graph.select(isSmall, series, quotient))
    }
    return graph.add(graph.multiply(x, growth), graph.multiply(b, gain))
  }
  /// The classical scheme of fourth order in equal parts of a step; a neuron that spikes stays where it is until the end.
  private mutating func rungeKutta(_ start: [Term], parts: Int, unless waits: Term) -> [Term] {
    let part = graph.divide(graph.leaf(.dt), graph.constant(Double(parts)))
    var x = start
    for k in 0..<parts {
      let next = rungeKutta(x, part)
      let holds = k == 0 ? graph.constant(0) : with(x) { compiler in compiler.spikes(unless: waits).fires }
      x = x.indices.map { graph.select(holds, x[$0], next[$0]) }
    }
    return x
  }
  private mutating func rungeKutta(_ x: [Term], _ dt: Term) -> [Term] {
    let half = graph.multiply(dt, graph.constant(0.5)), two = graph.constant(2), k1 = slopes(x)
    let k2 = slopes(moving(x, along: k1, by: half)), k3 = slopes(moving(x, along: k2, by: half))
    let k4 = slopes(moving(x, along: k3, by: dt)), sixth = graph.divide(dt, graph.constant(6))
    return x.indices.map { i in
      let middle = graph.multiply(two, graph.add(k2[i], k3[i]))
      let sum = graph.add(graph.add(k1[i], k4[i]), middle)
      return graph.add(x[i], graph.multiply(sixth, sum))
    }
  }
}
