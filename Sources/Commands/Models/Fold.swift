internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `fold`: the network as it would be deployed, with the same outputs.
struct Fold: Command {
  static let accepts: [ValueType] = [.model], gives: [ValueType] = [.model], isExplained = true
  static let manual = Manual(
    "fold", "Moves normalisations and heights of spikes into the weights; outputs stay.",
    equation: "W′ = γ/√(σ² + ε)·a·W,  b′ = β + γ/√(σ² + ε)·(b − μ)",
    reference: "Y. Guo et al., ECCV 2022, doi:10.1007/978-3-031-19775-8_4",
    details: """
      Dropout falls away. A height goes through average pools; where no weights can take it, as on an identity shortcut, \
      a gain is put in, and heights of single channels stay. What was scaled, and by how much outputs moved, is told and stays in layers.
      """,
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=2 | conv 4 | batchnorm | neuron ternary amplitude=trainable | dense 10 | train bptt epochs=1 | fold | layers"
    ])
  static let settings: [Setting<Self>] = []

  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .model(var facts) = input else { return .unknown }
    facts.model = try folded(facts.model.initialised(seed: context.seed), context).model
    facts.model.parameters = nil
    facts.model.conversion = notes([], facts.model.network)
    return .model(facts)
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let before = try input.model().initialised(seed: context.seed)
    var (after, steps) = try folded(before, context)
    let difference = try largestDifference(before, after, context)
    after.conversion = notes(steps, after.network)
    let normalisations = before.network.nodes.count - after.network.nodes.count { !($0.layer is Gain) }
    after.notes =
      before.notes + [
        told(steps, normalisations),
        "largest difference of an output: \(Quantity(Double(difference)).written(digits: 2))",
      ]
    return .model(after)
  }

  private func folded(_ model: Model, _ context: Context) throws -> (model: Model, steps: [Unscaling.Step]) {
    guard let parameters = model.parameters else { return (model, []) }
    guard model.executor == nil else {
      throw Diagnostic("fold.converted", "this model was converted, and its weights are scaled already")
    }
    let network: Network, values: Parameters
    do throws(ShapeError) { network = try model.network.folded() } catch { throw Diagnostic(error.code, error.message) }
    do throws(VarianceProblem) { values = try parameters.folded(from: model.network, to: network) } catch {
      throw Diagnostic(
        "fold.variance", "layer '\(error.layer)' has the variance \(error.variance) in channel \(error.channel)",
        help: "train it again: no variance is below 0")
    }
    let unscaling: Unscaling
    do throws(ShapeError) { unscaling = try Unscaling(network, values) } catch {
      throw Diagnostic(error.code, error.message)
    }
    var result = model
    (result.network, result.parameters, result.training) = (unscaling.network, unscaling.parameters, nil)
    return (result, unscaling.steps)
  }

  /// Over a hundred samples of the model's data, or random numbers where it has none.
  private func largestDifference(_ before: Model, _ after: Model, _ context: Context) throws -> Float {
    let signal: Signal
    if let data = before.data {
      let part = data.dataset.usualPart
      signal = data.clocked(Array(0..<min(100, data.count(part))), part, machine: context.machine)
    } else {
      let n = before.network.input.count, random = context.random
      signal = Signal(
        Tensor((0..<10 * n).map { random.uniform($0) }, [10 * n]), steps: before.input.code.steps, batch: 10,
        features: before.network.input, isConstant: true)
    }
    func output(_ model: Model) -> Signal {
      var pass = Pass(
        machine: context.machine, dt: model.input.dt,
        parameters: model.parameters ?? Parameters(zeros: model.network.layout),
        random: RandomStream(seed: 0))
      return model.network.forward(signal, &pass)
    }
    let (a, b) = (output(before), output(after))
    return (0..<a.values.count).reduce(0) { max($0, abs(a.values[$1] - b.values[$1])) }
  }

  private func told(_ steps: [Unscaling.Step], _ removed: Int) -> String {
    let weights = steps.count { if case .weights = $0.change { true } else { false } }
    let gains = steps.count { if case .gain = $0.change { true } else { false } }
    var parts = ["\(removed) layer\(removed == 1 ? "" : "s") folded away"]
    parts.append("heights moved into the weights of \(weights) layer\(weights == 1 ? "" : "s")")
    if gains > 0 { parts.append("\(gains) gain\(gains == 1 ? "" : "s") put in") }
    let kept = steps.count { if case .kept = $0.change { true } else { false } }
    if kept > 0 { parts.append("heights of \(kept) layer\(kept == 1 ? "" : "s") stay, which more than weights read") }
    return "fold: " + parts.joined(separator: ", ")
  }
  /// One number, or the smallest and the largest.
  private func written(_ heights: [Float]) -> String {
    let bounds = [heights.min() ?? 1, heights.max() ?? 1].map { Quantity(Double($0)).written(digits: 4) }
    return heights.count == 1 ? bounds[0] : bounds.joined(separator: " to ")
  }
  /// What happened to each layer, as columns of the layer table.
  private func notes(_ steps: [Unscaling.Step], _ network: Network) -> LayerNotes {
    var notes = LayerNotes(layers: network.nodes.map(\.name))
    var heights = notes["height"], weights = notes["weights"]
    for step in steps {
      guard let row = network.nodes.firstIndex(where: { $0.name == step.layer }) else { continue }
      switch step.change {
      case .height(let a): heights[row] = .text("\(written(a)) → 1")
      case .kept(let a): heights[row] = .text("\(written(a)), stay")
      case .weights(let a): weights[row] = .text("× \(written(a))")
      case .gain(let a): weights[row] = .text("× \(written([a]))")
      }
    }
    (notes["height"], notes["weights"]) = (heights, weights)
    return notes
  }
}
