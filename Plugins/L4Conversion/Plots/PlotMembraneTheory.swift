internal import Classic
internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot membrane-theory`: free membranes of the first layer, measured over repetitions, against what theory says.
struct PlotMembraneTheory: ConvertedPlot {
  enum Prediction: String, Choice { case bernoulli, poisson, l2, l3, l4, bound, independent }
  enum Shown: String, Choice { case deviation, mean, spikes, second }
  var data: DatasetArgument?, part: Part?, steps: Int?, sample = 0, trials = 300
  /// Left open, what the input is.
  var prediction: Prediction?, show = Shown.deviation, frame = PlotFrame()
  static let manual = Manual(
    "plot membrane-theory",
    "Shows membranes over many repetitions of one sample against theory, a dot per neuron.",
    equation:
      "variance = T·Σ w² r(1 − r) (bernoulli), T·Σ w² r (poisson);  l2, l3, l4: a common factor times the norm of the row\nbound = ‖w‖₄·√(T‖r∘(1 − r)‖₂), for Poisson input ‖w‖₄·√(T‖r‖₂)\nsecond layer: T·Σ G² r(1 − r), G = W₂DW₁ (shared), T·Σ W₂² a(1 − a) (independent)",
    reference: "J. M. Allred, K. Roy, arXiv 2111.09446, 2021",
    details:
      "show=deviation is the standard deviation of the membrane without firing, show=mean its mean, show=spikes the number of spikes against its expectation by Spitzer's identity, for soft resets; show=second is the deviation of the charge of the second layer, from the noise that its inputs share, or with prediction=independent as if they shared none. No dot lies above the identity with prediction=bound. Effective synapses are ‖w‖₂⁴/‖w‖₄⁴, a mean over the layer. R² is the share of the variance between neurons that the prediction explains; a bound explains none.",
    examples: [
      "\(Example.model) | convert robust steps=20 | plot membrane-theory trials=100",
      "\(Example.model) | convert robust steps=20 rate=0.2 | plot membrane-theory trials=100 prediction=l4",
      "\(Example.model) | convert robust steps=20 | plot membrane-theory trials=100 show=second",
    ])
  static let plotSettings: [Setting<Self>] =
    Setting.shown + [
      Setting("sample", \.sample, "Sample shown.", in: 0...1e9),
      Setting("trials", \.trials, "Repetitions.", in: 2...1e6),
      Setting("prediction", \.prediction, "Where the predicted deviation comes from; Bernoulli spikes when left open."),
      Setting("show", \.show, "What is compared."),
    ]

  func validate() throws(SettingProblem) {
    guard let prediction else { return }
    let known: [Prediction] =
      switch show {
      case .deviation: Prediction.allCases.filter { $0 != .independent }
      case .mean: []
      case .spikes: [.bernoulli, .poisson]
      case .second: [.bernoulli, .independent]
      }
    guard !known.contains(prediction) else { return }
    let choices = known.map(\.rawValue).joined(separator: ", ")
    throw SettingProblem(
      "prediction", .refused("show=\(show.rawValue) knows \(known.isEmpty ? "no other prediction" : "only \(choices)")")
    )
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let subject = try Subject(self, input, context)
    defer { context.surroundings.progress(nil) }
    guard sample < subject.data.count(subject.part) else {
      throw Diagnostic(
        "data.sample",
        "there is no sample \(sample): the \(subject.part.rawValue) part has \(subject.data.count(subject.part)), counted from 0"
      )
    }
    let first = try FirstLayer(subject, sample)
    let (measured, predicted) =
      switch show {
      case .spikes: try spikes(subject, first, context)
      case .second: try second(subject, first, context)
      case .deviation, .mean: membranes(subject, first, context)
      }
    let fit =
      prediction == .bound
      ? "" : ": R² = \(Quantity(Agreement.determination(measured, predicted: predicted)).written(digits: 3))"
    let ends = [min(measured.min() ?? 0, predicted.min() ?? 0), max(measured.max() ?? 1, predicted.max() ?? 1)]
    return Figure(
      Panel(
        title:
          "\(show == .second ? "second layer" : first.layer.name), sample \(sample), \(trials) repetitions\(fit)\(participation(first))",
        x: Axis(predictedName, unit: unit), y: Axis("measured " + name, unit: unit),
        marks: [
          .line(x: ends, y: ends, label: "identity", style: .dashed, tint: .muted),
          .scatter(x: predicted, y: measured, tint: .palette(0)),
        ], showsLegend: false))
  }
  /// How many synapses there are in effect, where the L4 norm is what is shown.
  private func participation(_ first: FirstLayer) -> String {
    guard show == .deviation, prediction == .l4 || prediction == .bound else { return "" }
    let counts = first.membranes.map { Norm.participation($0.weights) }
    let mean = counts.reduce(0, +) / Double(max(1, counts.count))
    return ", \(Quantity(mean).written(digits: 3)) of \(first.membranes.first?.weights.count ?? 0) synapses effective"
  }
  private var name: String {
    switch show {
    case .deviation, .second: "standard deviation"
    case .mean: "mean"
    case .spikes: "spikes"
    }
  }
  private var unit: String { show == .spikes ? "" : "thresholds" }
  private var predictedName: String {
    switch (show, prediction ?? .bernoulli) {
    case (.second, .independent): "standard deviation, independent inputs"
    case (.second, _): "standard deviation, shared noise"
    case (.mean, _): "mean by T·w·r"
    case (.spikes, _): "spikes by Spitzer's identity"
    case (.deviation, .bernoulli): "standard deviation, Bernoulli"
    case (.deviation, .poisson): "standard deviation, Poisson"
    case (.deviation, .l2): "factor times L2 norm"
    case (.deviation, .l3): "factor times L3 norm"
    case (.deviation, .l4): "factor times L4 norm"
    case (.deviation, .bound): "bound by the L4 norm"
    case (.deviation, .independent): "standard deviation, Bernoulli"
    }
  }

  private func membranes(_ subject: Subject, _ first: FirstLayer, _ context: Context) -> ([Double], [Double]) {
    let (means, deviations) = first.measured(subject, sample, trials: trials, context)
    if show == .mean { return (means, first.means) }
    func scaled(_ norm: (FreeMembrane) -> Double) -> [Double] {
      let norms = first.membranes.map(norm), factor = Agreement.factor(deviations, norms)
      return norms.map { $0 * factor }
    }
    let predicted: [Double] =
      switch prediction ?? .bernoulli {
      case .bound:
        first.membranes.map { subject.execution.network.code == .poisson ? $0.boundPoisson : $0.boundBernoulli }
      case .bernoulli, .independent: first.membranes.map { $0.varianceBernoulli.squareRoot() }
      case .poisson: first.membranes.map { $0.variancePoisson.squareRoot() }
      case .l2: scaled { Norm.l2($0.weights) }
      case .l3: scaled { Norm.lp($0.weights, 3) }
      case .l4: scaled { Norm.l4($0.weights) }
      }
    return (deviations, predicted)
  }
  /// What the spikes of the first layer bring to the second, which never fires here.
  private func second(_ subject: Subject, _ first: FirstLayer, _ context: Context) throws -> ([Double], [Double]) {
    let layers = subject.execution.network.layers
    guard layers.count > 1, case .linear(let linear) = layers[1].linear.layer.role,
      let synapses = linear.synapses(of: layers[1].linear, in: subject.execution.network.parameters)
    else {
      throw Diagnostic("capability", "show=second needs a second layer that is dense")
    }
    let rows = (0..<synapses.outputs).map { k in
      (0..<synapses.inputs).map { Double(synapses.weight($0, k)) / Double(layers[1].threshold(k)) }
    }
    var sums = [Double](repeating: 0, count: rows.count), squares = sums, done = 0
    for trial in 0..<trials {
      if context.isInterrupted() { throw Interrupted() }
      var data = subject.data
      data.seed &+= UInt64(trial) &* 0x9E37_79B9
      for run in subject.execution.runs([sample], subject.part, of: data, keepingCounts: true, keepingAnswers: false) {
        for (k, row) in rows.enumerated() {
          let charge = zip(row, run.counts[0]).reduce(0.0) { $0 + $1.0 * Double($1.1) }
          sums[k] += charge
          squares[k] += charge * charge
        }
      }
      done += 1
    }
    let count = Double(max(2, done)), steps = subject.execution.steps
    let measured = zip(sums, squares).map { max(0, ($1 - $0 * $0 / count) / (count - 1)).squareRoot() }
    let variances =
      prediction == .independent
      ? SecondLayer.independent(rows, activations: first.means.map { min(1, max(0, $0 / Double(steps))) }, steps: steps)
      : SecondLayer.sharedNoise(
        first.membranes.map(\.weights), rows, rates: first.membranes.first?.rates ?? [], steps: steps)
    return (measured, variances.map { $0.squareRoot() })
  }
  private func spikes(_ subject: Subject, _ first: FirstLayer, _ context: Context) throws -> ([Double], [Double]) {
    if first.layer.isHard {
      throw Diagnostic(
        "capability", "Spitzer's identity is about soft resets; this network resets hard",
        help: "convert it with reset=soft")
    }
    var sums = [Double](repeating: 0, count: first.membranes.count), done = 0
    for trial in 0..<trials {
      if context.isInterrupted() { break }
      let data = try shaping { () throws(ShapeError) in
        try EncodedData(
          subject.data.dataset, subject.data.encoder, seed: subject.data.seed &+ UInt64(trial) &* 0x9E37_79B9,
          dt: subject.data.dt)
      }
      for run in subject.execution.runs([sample], subject.part, of: data, keepingCounts: true) {
        for (j, count) in run.counts[0].enumerated() { sums[j] += Double(count) }
      }
      done += 1
    }
    let steps = subject.execution.steps
    return (
      sums.map { $0 / Double(max(1, done)) },
      zip(first.membranes, first.means).map { membrane, mean in
        let variance = (prediction == .poisson ? membrane.variancePoisson : membrane.varianceBernoulli) / Double(steps)
        return Spitzer.count(mean: mean / Double(steps), deviation: variance.squareRoot(), steps: steps)
      }
    )
  }
}

/// The first layer of a converted network in front of one sample, in thresholds.
private struct FirstLayer {
  let layer: ConvertedNetwork.Layer, membranes: [FreeMembrane], bias: [Double], steps: Double

  init(_ subject: Subject, _ sample: Int) throws {
    let network = subject.execution.network
    guard network.code == .bernoulli || network.code == .poisson, let layer = network.layers.first,
      case .linear(let linear) = layer.linear.layer.role,
      let synapses = linear.synapses(of: layer.linear, in: network.parameters),
      layer.linear.input.count == network.inputs,
      layer.population != nil
    else {
      throw Diagnostic(
        "capability", "this plot needs random input spikes and a dense first layer of neurons",
        help: "convert a dense network with encoder=bernoulli")
    }
    let steps = subject.execution.steps,
      rates = subject.data.dataset[subject.part]?.sample(sample).map { Double($0) * network.peak } ?? []
    self.layer = layer
    bias = (0..<synapses.outputs).map { j in
      synapses.bias.isEmpty ? 0 : Double(synapses.bias[j]) / Double(layer.threshold(j))
    }
    membranes = (0..<synapses.outputs).map { j in
      let weights = (0..<synapses.inputs).map { Double(synapses.weight($0, j)) / Double(layer.threshold(j)) }
      return FreeMembrane(weights: weights, rates: rates, steps: steps)
    }
    self.steps = Double(steps)
  }
  /// T·(w·r + b)
  var means: [Double] { zip(membranes, bias).map { $0.mean + steps * $1 } }

  /// Mean and standard deviation of Σ_t W s(t) + T·b over repetitions.
  func measured(_ subject: Subject, _ sample: Int, trials: Int, _ context: Context) -> (
    means: [Double], deviations: [Double]
  ) {
    let network = subject.execution.network, steps = subject.execution.steps, n = membranes.count
    let values = subject.data.dataset[subject.part]?.sample(sample) ?? [],
      code = RateCode(network.code, peak: network.peak)
    var sums = [Double](repeating: 0, count: n), squares = sums, done = 0
    for trial in 0..<trials {
      if context.isInterrupted() { break }
      let random = RandomStream(seed: subject.data.seed, "repetition").child(trial)
      var counts = [Double](repeating: 0, count: values.count)
      for t in 0..<steps {
        for i in values.indices where values[i] > 0 {
          counts[i] += Double(code.spikes(values[i], step: t, input: i, of: values.count, random: random))
        }
      }
      for j in 0..<n {
        let m = membranes[j]
        var potential = bias[j] * Double(steps)
        for i in values.indices where counts[i] != 0 { potential += m.weights[i] * counts[i] }
        sums[j] += potential
        squares[j] += potential * potential
      }
      done += 1
    }
    let count = Double(max(2, done))
    return (
      sums.map { $0 / count },
      zip(sums, squares).map { max(0, ($1 - $0 * $0 / count) / (count - 1)).squareRoot() }
    )
  }
}
