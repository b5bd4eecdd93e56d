internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot maps`: the spikes of a layer of images, a picture for every channel and step.
struct PlotMaps: Plot, OnData {
  var data: DatasetArgument?, part: Part?, sample = 0, layer = "", channels = 8, steps = 4, frame = PlotFrame()
  static let accepts: [ValueType] = [.spikes, .model]
  static let manual = Manual(
    "plot maps", "Shows the spikes of a layer as pictures: red for +1, blue for −1, white for silence.",
    details: "One row of pictures per step, one picture per channel.",
    examples: [
      "data glyphs | take train=200 test=50 | encode direct steps=2 | conv 4 | batchnorm | neuron ternary | dense 10 | train bptt epochs=1 | plot maps",
      "data glyphs | encode bernoulli steps=4 | plot maps sample=2",
    ])
  static let plotSettings: [Setting<Self>] = [
    Setting("sample", \.sample, "Sample shown.", in: 0...1e9),
    Setting("layer", \.layer, "Population whose spikes are shown; the first of images by default.", form: .layer),
    Setting("channels", \.channels, "Most channels shown.", in: 1...64),
    Setting("steps", \.steps, "Most steps shown.", in: 1...64), .data, .part,
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .model(let facts) = input { try facts.model.requireSpikes() }
    return .figure
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let shown: LayerRecord
    if case .spikes(let spikes) = input {
      let part = part ?? spikes.dataset.usualPart
      guard sample < spikes.count(part) else { throw noSample(part, spikes.count(part)) }
      shown = LayerRecord(
        name: "input", kind: spikes.encoder.kind, shape: spikes.code.features, variables: [],
        spikes: SpikeRaster(spikes.clocked([sample], part, machine: context.machine)))
    } else {
      let chosen = try selection(input, context)
      try chosen.model.requireSpikes()
      try chosen.require(sample: sample)
      shown = try population(of: chosen.recorder(context).record(sample, chosen.part, of: chosen.data))
    }
    guard shown.shape.rank >= 2 else {
      throw Diagnostic(
        "shape.image", "layer '\(shown.name)' holds \(shown.shape) neurons, not pictures",
        help: "plot raster shows them")
    }
    let extents = shown.shape.extents, height = extents[extents.count - 2], width = extents[extents.count - 1]
    let area = height * width, count = min(channels, shown.shape.count / max(1, area))
    let images = (0..<min(steps, shown.spikes.steps)).flatMap { t in
      (0..<count).map { c in
        let values = (0..<area).map { Double(shown.spikes[t, c * area + $0]) }
        return Images.Image(
          width: width, height: height, values: values, caption: count > 1 ? "t=\(t + 1), \(c)" : "t=\(t + 1)")
      }
    }
    return Figure(
      Panel(
        title: "\(shown.name), sample \(sample): red +1, blue −1",
        marks: [.images(Images(images, columns: count > 1 ? count : nil, map: .diverging, range: -1...1))]))
  }
  private func population(of recording: Recording) throws -> LayerRecord {
    let all = recording.populations
    let found = layer.isEmpty ? all.first { $0.shape.rank >= 2 } ?? all.first : all.first { $0.name == layer }
    guard let found else {
      throw Diagnostic(
        "layer.neuron", "layer '\(layer)' has no neurons", help: "there are \(all.map(\.name).joined(separator: ", "))")
    }
    return found
  }
  private func noSample(_ part: Part, _ count: Int) -> Diagnostic {
    Diagnostic("data.sample", "there is no sample \(sample): the \(part.rawValue) part has \(count), counted from 0")
  }
}
