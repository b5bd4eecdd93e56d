public import Compute
public import Spiking

/// A recurrent layer of n hidden units around a Legendre memory of c channels and order q:
///
///     u = x·E_x + ĥ⁻·E_h + m̂⁻·E_m            (c)
///     m = Ā·m⁻ + B̄·u, channel by channel       (c·q)
///     a = f(x·W_x + ĥ⁻·W_h + m̂·W_m + b)       (n),   ĥ is sent
///
/// x is the input of a step, ⁻ marks what was a step before. ĥ and m̂ are a and m as quanta of 1/ω_h and 1/ω_m with
/// diffused error; where ω is infinite, as at first, they are a and m themselves. The memory itself always keeps m, so
/// the layer is a hybrid of spikes and numbers. Weights are stored input-major; m̂ lies channel by channel.
///
/// - Reference: A. R. Voelker, I. Kajić, C. Eliasmith, NeurIPS 2019; with quanta A. R. Voelker, D. Rasmussen,
///   C. Eliasmith, 2020, arXiv:2002.03553.
public struct LMU: Declared {
  /// Input, hidden units, memory.
  public enum Source: String, Choice { case x, h, m }
  /// How weights start.
  public enum Start: String, Choice {
    /// As in the first article: E_x, E_h uniform ±√(3/inputs), E_m = 0, W normal with variance 2/(inputs + outputs).
    case published
    /// E_x = 1, W_m normal, all else 0.
    case psmnist
    /// As published, with W_h uniform in ±0.05.
    case mackeyGlass = "mackey-glass"
    /// As published, with E_h = W_h = 0: no feedback at first.
    case open
  }
  public var units = 64, memory = 32, window = TimeOrSteps.steps(28), channels = 1
  public var encodes = Source.allCases, reads = Source.allCases
  public var bias = false, initial = Start.published, activation = Activation.tanh, rule = Discretisation.zoh
  public var learnsWindow = false
  public var omegaH = Double.infinity, omegaM = Double.infinity
  public var rounding = Rounding.diffusing, start = ErrorStart.half
  public init() {}

  public static let manual = Manual(
    "lmu", "A recurrent layer around a Legendre memory, whose signals may be spikes.",
    equation:
      "u = x·E_x + ĥ⁻·E_h + m̂⁻·E_m;  m = Ā·m⁻ + B̄·u;  a = f(x·W_x + ĥ⁻·W_h + m̂·W_m + b);  ĥ, m̂: quanta of 1/ω of a, m",
    reference:
      "A. R. Voelker, I. Kajić, C. Eliasmith, NeurIPS 2019; A. R. Voelker, D. Rasmussen, C. Eliasmith, 2020, arXiv:2002.03553",
    details: """
      encodes= says what is written into the memory and reads= what the hidden units see: x, h and m for input, hidden \
      units and memory. With encodes=[x] the memory is fed by the input only; with encodes=[x] reads=[x m] nothing runs \
      in a circle but the memory. omega_h and omega_m are the quanta of hidden units and memory; inf sends numbers. The \
      memory itself stays real-valued. initial= open starts without feedback, psmnist and mackey-glass as those \
      experiments. learn_window=true learns 1/window, one for the layer.
      """,
    examples: [
      "data glyphs | take train=200 test=50 | encode frames | lmu 20 memory=8 window=28 | dense 10 | train backprop epochs=2",
      "data glyphs | take train=200 test=50 | encode frames | lmu 20 memory=4 channels=4 window=28 encodes=[x] reads=[x m] omega_h=1 | dense 10 | train bptt epochs=1 readout=last",
    ])
  public static let settings: [Setting<Self>] = [
    Setting("units", \.units, "Number of hidden units, n.", in: 1...1e5, positional: true, required: true),
    Setting("memory", \.memory, "Order of the memory, q.", in: 1...4096),
    Setting("window", \.window, "How far back the memory reaches: steps, or a time.", in: 1e-9...1e9),
    Setting("channels", \.channels, "Number of memories, c.", in: 1...4096),
    Setting("encodes", \.encodes, "What is written into the memory: x, h, m."),
    Setting("reads", \.reads, "What the hidden units read: x, h, m."),
    Setting(
      "omega_h", \.omegaH, "Quanta of hidden units in a unit of activation; inf for numbers.",
      in: 1e-3...Double.infinity),
    Setting("omega_m", \.omegaM, "Quanta of the memory in a unit; inf for numbers.", in: 1e-3...Double.infinity),
    Setting("rounding", \.rounding, "How activations become whole quanta."),
    Setting("start", \.start, "Where rounding errors begin."),
    Setting("activation", \.activation, "f, what becomes of the current of a hidden unit."),
    Setting("bias", \.bias, "Whether each hidden unit has a bias."),
    Setting("initial", \.initial, "How weights start."),
    Setting("rule", \.rule, "How the equation of the memory becomes steps."),
    Setting("learn_window", \.learnsWindow, "Whether the length of the window is learnt."),
  ]
  public func validate() throws(SettingProblem) {
    try window.validate(rule: rule)
    if learnsWindow, case .time = window {
      throw SettingProblem("window", .refused("with learn_window=true it is given in steps"))
    }
    if encodes.isEmpty { throw SettingProblem("encodes", .refused("a memory needs something to hold")) }
    if reads.isEmpty { throw SettingProblem("reads", .refused("hidden units need something to read")) }
    if Set(encodes).count < encodes.count { throw SettingProblem("encodes", .refused("a letter stands twice")) }
    if Set(reads).count < reads.count { throw SettingProblem("reads", .refused("a letter stands twice")) }
  }

  var hiddenQuantiser: Quantiser { Quantiser(omega: omegaH, rounding: rounding, start: start) }
  var memoryQuantiser: Quantiser { Quantiser(omega: omegaM, rounding: rounding, start: start) }
}

extension LMU: RecurrentLayer {
  public var kind: String { "lmu" }
  public var summary: String {
    "lmu " + ([String(units)] + [changedSettings].filter { !$0.isEmpty }).joined(separator: " ")
  }
  public var role: LayerRole { .opaque(kind) }
  public var sendsSpikes: Bool { !hiddenQuantiser.isExact }
  public var sendsQuanta: Bool { sendsSpikes || !memoryQuantiser.isExact }

  public func features(after features: Shape) throws(ShapeError) -> Shape {
    if case .steps(let steps) = window {
      try LegendreSystem.requireStable(order: memory, window: Double(steps), rule: rule)
    }
    guard Double(channels) * Double(memory) < 1e6 else {
      throw ShapeError(code: "shape.memory", message: "\(channels) memories of order \(memory) are too large")
    }
    return [units]
  }
  public func keptPerStep(for features: Shape) -> Int { channels * memory + 2 * units }

  public func parameters(for features: Shape) -> [ParameterSpec] {
    let sizes: [(Source, Int)] = [(.x, features.count), (.h, units), (.m, channels * memory)]
    var specs: [ParameterSpec] = []
    for (source, inputs) in sizes where encodes.contains(source) {
      specs.append(ParameterSpec("E_\(source.rawValue)", [inputs, channels], .weight, encoder(source, inputs)))
    }
    for (source, inputs) in sizes where reads.contains(source) {
      specs.append(ParameterSpec("W_\(source.rawValue)", [inputs, units], .weight, kernel(source, inputs)))
    }
    if bias { specs.append(ParameterSpec("bias", [units], .bias, .constant(0))) }
    if learnsWindow {
      specs.append(ParameterSpec("rate", [1], .scale, .constant(Float(1 / window.count(of: .ms(1))))))
    }
    return specs
  }
  private func encoder(_ source: Source, _ inputs: Int) -> Initialiser {
    if source == .m || (source == .h && (initial == .psmnist || initial == .open)) { return .constant(0) }
    if initial == .psmnist { return .constant(1) }
    let bound = Float((3 / Double(inputs)).squareRoot())
    return .uniform(-bound...bound)
  }
  private func kernel(_ source: Source, _ inputs: Int) -> Initialiser {
    switch (initial, source) {
    case (.psmnist, .x), (.psmnist, .h), (.open, .h): .constant(0)
    case (.mackeyGlass, .h): .uniform(-0.05...0.05)
    default: .normal(deviation: Float((2 / Double(inputs + units)).squareRoot()))
    }
  }
}
