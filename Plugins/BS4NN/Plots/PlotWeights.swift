internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot weights`: what hidden neurons look for, as small pictures.
struct PlotWeights: SubjectPlot {
  var data: DatasetArgument?, part: Part?, layer = "", neurons: [Int] = [], count = 16, isLatent = false,
    frame = PlotFrame()
  static let hasAxes = false
  static let manual = Manual(
    "plot weights",
    "Shows the weights into neurons as pictures: signs as black (+1) and white (-1), real values from blue over white (0) to red; kernels with one square below the other for each channel.",
    examples: ["\(Example.trained) | plot weights count=8", "\(Example.trained) | plot weights count=8 latent=true"])
  static let plotSettings: [Setting<Self>] = [
    Setting("layer", \.layer, "Dense or convolutional layer; the first by default.", form: .layer),
    Setting("neurons", \.neurons, "Neurons shown; the first ones by default.", in: 0...1e6),
    Setting("count", \.count, "How many are shown.", in: 1...400),
    Setting("latent", \.isLatent, "Shows the real values behind binary weights."),
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let (model, node, weights) = try inputWeights(of: input, layer, context)
    let kernel = (node.layer as? Convolution)?.kernel, shape = node.input.extents
    let units = kernel == nil ? node.output.count : node.output[0], n = weights.count / units
    let width = kernel ?? (shape.count >= 2 ? shape[shape.count - 1] : n), height = n / width
    let shown = neurons.isEmpty ? Array(0..<min(count, units)) : neurons
    if let wrong = shown.first(where: { $0 >= units }) {
      throw Diagnostic("data.neuron", "there is no neuron \(wrong): the layer has \(units), counted from 0")
    }
    let signs = (node.layer as? Dense)?.weights == .binary && !isLatent
    let images = shown.map { j in
      let values = (0..<n).map { i -> Double in
        // Dense weights lie input by input, kernels one behind the other.
        let w = Double(weights[kernel == nil ? i * units + j : j * n + i])
        return signs ? (w < 0 ? -1 : 1) : w
      }
      return Images.Image(width: width, height: height, values: values, caption: "\(j)")
    }
    let largest = images.flatMap(\.values).reduce(0) { max($0, $1.magnitude) },
      end = Quantity(largest).written(digits: 2)
    let key = signs ? "black +1, white −1" : "blue −\(end), white 0, red \(end)"
    let title =
      "\(node.name) of \(model.input.dataset?.name ?? "the model"), \(shown.count) of \(units) neurons, \(key)"
    let range = signs ? -1...1 : -max(1e-30, largest)...max(1e-30, largest)
    return Figure(
      Panel(title: title, marks: [.images(Images(images, map: signs ? .grey : .diverging, range: range))]))
  }
}

/// `plot weight-histogram`: how large the weights are; latent ones pile up where they flip.
struct PlotWeightHistogram: SubjectPlot {
  var data: DatasetArgument?, part: Part?, layer = "", bins = 80, frame = PlotFrame()
  static let manual = Manual(
    "plot weight-histogram",
    "Counts the weights of a layer by size; of binary layers the real values behind the signs.",
    examples: ["\(Example.trained) | plot weight-histogram layer=dense2"])
  static let plotSettings: [Setting<Self>] = [
    Setting("layer", \.layer, "Dense or convolutional layer; the first by default.", form: .layer),
    Setting("bins", \.bins, "Number of intervals.", in: 1...1000),
  ]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let (_, node, weights) = try inputWeights(of: input, layer, context)
    let isBinary = (node.layer as? Dense)?.weights == .binary
    let histogram = Histogram(of: weights.map(Double.init), bins: bins)
    let negative = Double(weights.count { $0 < 0 }) / Double(max(1, weights.count)) * 100
    return Figure(
      Panel(
        title: "\(node.name): \(Quantity(negative).written(digits: 3)) % negative",
        x: Axis(isBinary ? "latent weight" : "weight"), y: Axis("synapses"),
        marks: [.histogram(histogram), .rule(x: 0)]))
  }
}

private func inputWeights(of input: Value.Content, _ name: String, _ context: Context) throws -> (Model, Node, [Float])
{
  let model = try Subject.model(input)
  let layers = model.network.nodes.filter { $0.layer is Dense || $0.layer is Convolution }
  guard let node = name.isEmpty ? layers.first : layers.first(where: { $0.name == name }) else {
    throw Diagnostic(
      "name.layer", name.isEmpty ? "this model has no layer with weights" : "there is no layer '\(name)' with weights",
      help: "layers: \(layers.map(\.name).joined(separator: ", "))")
  }
  guard let parameters = model.parameters else { throw Diagnostic.untrained(model, context) }
  return (model, node, parameters.values(of: parameters.layout.entries[node.slots.lowerBound]))
}
