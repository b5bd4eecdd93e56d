internal import BS4NNKernels
internal import Spiking

/// A network that learns from one sample at a time.
final class OnlineNetwork {
  let layers: [OnlineLayer], window: Int
  private var judged: OutputView
  private(set) var scaleGuards = 0

  init(_ layers: [OnlineLayer], window: Int) {
    precondition(!layers.isEmpty, "at least one layer")
    (self.layers, self.window) = (layers, window)
    judged = OutputView(outputs: layers[layers.count - 1].matrix.outputs, window: window)
  }
  var output: OnlineLayer { layers[layers.count - 1] }

  /// What one sample came to.
  struct Verdict: Equatable {
    var isCorrect = false, isTiedCorrect = false, isSilent = false, isTied = false, isUpdated = false
    var flips = 0, firstTime = 0, loss = 0.0
  }

  func respond(to events: soma_bs4nn_events, traces: Bool = false) {
    var events = events
    for layer in layers {
      layer.matrix.respond(
        to: events, layer.firing, window: window, into: layer.response, traces: traces || layer === output)
      events = layer.response.events
    }
  }
  /// Runs a sample and changes the weights by it.
  func learn(_ events: soma_bs4nn_events, label: Int, _ recipe: Recipe, rates: [Double]) -> Verdict {
    respond(to: events)
    judged.read(output)
    var verdict = judged.verdict(label)
    switch recipe.rule {
    case .margin:
      verdict.loss = MarginRule(recipe).errors(judged, label: label, into: output.delta)
      verdict.isUpdated = verdict.loss > 0
      if verdict.isUpdated { verdict.flips = stepByMargin(events, recipe, rates) }
    case .published:
      verdict.loss = PublishedRule(gamma: Int(recipe.gamma), silent: recipe.silent).errors(
        judged, label: label, into: output.delta)
      (verdict.isUpdated, verdict.flips) = stepAsPublished(events, recipe, rates)
    }
    return verdict
  }
  private func input(of layer: Int, _ events: soma_bs4nn_events) -> soma_bs4nn_events {
    layer == 0 ? events : layers[layer - 1].response.events
  }

  private func stepByMargin(_ events: soma_bs4nn_events, _ recipe: Recipe, _ rates: [Double]) -> Int {
    var flips = 0
    for l in layers.indices.reversed() {
      let rule = soma_bs4nn_rule(
        rate: Float(rates[l]), keep: Float(1 - rates[l] * recipe.decay[l]), bound: Float(recipe.clip),
        uses_previous: recipe.order == .previous ? 1 : 0, goes_through_reals: layers[l].matrix.isBinary ? 0 : 1)
      flips += layers[l].change(input(of: l, events), rule, below: l > 0 ? layers[l - 1] : nil)
    }
    return flips
  }

  /// Errors of length 1 in every layer, decay of all weights, and steps of the scales.
  private func stepAsPublished(_ events: soma_bs4nn_events, _ recipe: Recipe, _ rates: [Double]) -> (Bool, Int) {
    var flips = 0, isUpdated = false, hasErrors = true
    for l in layers.indices.reversed() {
      let layer = layers[l], below = l > 0 ? layers[l - 1] : nil
      hasErrors = hasErrors && layer.normaliseErrors()
      let before = layer.shrinkage
      var signSum = 0.0
      if hasErrors {
        isUpdated = true
        let rule = soma_bs4nn_rule(
          rate: Float(rates[l] / before), keep: 1, bound: Float(recipe.clip / before),
          uses_previous: recipe.order == .previous ? 1 : 0, goes_through_reals: 1)
        flips += layer.change(input(of: l, events), rule, below: below, signSum: &signSum)
      } else {
        below?.clearErrors()
      }
      if rates[l] * recipe.decay[l] > 0 { layer.shrinkage *= 1 - rates[l] * recipe.decay[l] }
      // Back-propagated sums were made with stored weights; a common factor is lost in the normalisation.
      if layer.matrix.isBinary, hasErrors { stepScale(layer, signSum, rate: recipe.alphaRate[l]) }
      layer.foldShrinkage()
    }
    return (isUpdated, flips)
  }
  /// α ← α - μ · mean over all pairs of δ H sign(W), kept above 0.
  private func stepScale(_ layer: OnlineLayer, _ signSum: Double, rate: Double) {
    let mean = signSum / Double(layer.matrix.inputs * layer.matrix.outputs)
    let next = Double(layer.alpha) - rate * mean
    if next < OnlineNetwork.smallestScale { scaleGuards += 1 }
    layer.alpha = Float(max(OnlineNetwork.smallestScale, next))
  }
  static let smallestScale = 1e-3
}
