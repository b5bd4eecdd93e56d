internal import Compute
internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot raster`: who spikes when, layer by layer, neurons in order of their first spike.
struct PlotRaster: Plot, OnData {
  enum Order: String, Choice { case time, number }
  var sample = 0, order = Order.time, data: DatasetArgument?, part: Part?, frame = PlotFrame()
  static let accepts: [ValueType] = [.spikes, .recording, .model], isDefault: [ValueType] = [.spikes]
  static let manual = Manual(
    "plot raster", "Shows which neuron spikes when, layer by layer.",
    details:
      "Neurons stand in order of their first spike; order=number keeps their numbers. Negative spikes have a colour of their own.",
    examples: ["data glyphs | encode ttfs | plot raster sample=4"])
  static let plotSettings: [Setting<Self>] = [
    Setting("sample", \.sample, "Sample shown.", in: 0...1e9), Setting("order", \.order, "How neurons are ordered."),
    .data, .part,
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    if case .model(let facts) = input { try facts.model.requireSpikes() }
    if case .spikes(let facts) = input { try Self.requireMemory(facts.input.code) }
    return .figure
  }
  /// Room for the signal of a sample and the signs of its spikes.
  private static func requireMemory(_ code: Code) throws {
    try Registry.requireMemory(
      code.sampleBytes + Double(code.steps) * Double(code.features.count), "a raster of that many steps")
  }
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    if case .model(let model) = input { try model.requireSpikes() }
    var decision: (time: Double, text: String)?, name = "sample \(sample)", shown: Int? = sample
    let layers: [LayerRecord], scale: TimeScale, dt: Time
    if case .spikes(let spikes) = input {
      let part = part ?? spikes.dataset.usualPart
      guard sample < spikes.count(part) else {
        throw Diagnostic(
          "data.sample",
          "there is no sample \(sample): the \(part.rawValue) part has \(spikes.count(part)), counted from 0")
      }
      try Self.requireMemory(spikes.code)
      guard spikes.code.alphabet != .graded else {
        throw Diagnostic(
          "capability", "encode \(spikes.encoder.kind) sends values, no spikes", help: "plot images shows the samples")
      }
      name += Self.className(spikes, sample, part)
      let raster = SpikeRaster(spikes.clocked([sample], part, machine: context.machine))
      layers = [
        LayerRecord(
          name: "input", kind: spikes.encoder.kind, shape: spikes.code.features, variables: [], spikes: raster)
      ]
      (dt, scale) = (spikes.dt, TimeScale(Double(spikes.code.steps) * spikes.dt))
    } else {
      let recording = try self.recording(of: input, sample: sample, context)
      shown = recording.sample
      if let shown { name = "sample \(shown)" }
      layers =
        shown != nil || recording.input.spikes.count > 0
        ? [recording.input] + recording.populations : recording.populations
      (dt, scale) = (recording.dt, TimeScale(recording.duration))
      if case .model = input {
        let chosen = try selection(input, context)
        name += Self.className(chosen.data, sample, chosen.part)
        decision = try self.decision(chosen, context, scale, dt)
      }
    }
    let panels = try layers.enumerated().map { place, layer in
      try context.poll()
      // In small layers numbers mean something, as classes do.
      return Self.panel(
        layer, layer.spikes.neurons <= 20 ? .number : order, dt: dt, scale,
        decision: decision.map { ($0.time, place == layers.count - 1 ? $0.text : "") }, tint: place)
    }
    let isNamed = shown != nil && (layers.count > 1 || name.contains(","))
    return Figure(stacked: panels.reversed(), title: isNamed ? name : "")
  }
  /// ", class 7"; nothing where the label stands for no class.
  private static func className(_ data: EncodedData, _ sample: Int, _ part: Part) -> String {
    let classes = data.dataset.classes
    return data.labels([sample], part).first.flatMap { classes.indices.contains($0) ? ", class \(classes[$0])" : nil }
      ?? ""
  }
  private func decision(_ chosen: Selection, _ context: Context, _ scale: TimeScale, _ dt: Time) throws -> (
    time: Double, text: String
  )? {
    guard let outcome = try chosen.execution(context).outcomes([sample], chosen.part, of: chosen.data).first,
      let step = outcome.decisionTime,
      let answer = outcome.answer, !outcome.isSilent
    else { return nil }
    return (scale(Double(step) * dt), "answer \(answer)")
  }
  /// One layer; in order of time, neurons that never spike are only counted.
  private static func panel(
    _ layer: LayerRecord, _ order: Order, dt: Time, _ scale: TimeScale, decision: (time: Double, text: String)?,
    tint: Int
  ) -> Panel {
    let raster = layer.spikes, ranks = ranks(raster, order)
    var up = Raster.Group(times: [], rows: [], tint: .palette(tint)), down = up
    down.tint = .palette(tint + 1)
    // Spikes of one neuron and sign within one column of the picture are one stroke.
    let column = max(1, raster.steps / ThinTrace.columns)
    var last = [Int](repeating: -1, count: 2 * raster.neurons)
    for (place, sign) in raster.signs.enumerated() where sign != 0 {
      let step = place / raster.neurons, neuron = place % raster.neurons, slot = 2 * neuron + (sign > 0 ? 1 : 0)
      if step / column == last[slot] { continue }
      last[slot] = step / column
      let time = scale(Double(step) * dt), row = Double(ranks[neuron])
      if sign > 0 {
        up.times.append(time)
        up.rows.append(row)
      } else {
        down.times.append(time)
        down.rows.append(row)
      }
    }
    if !down.times.isEmpty { (up.label, down.label) = ("+1", "−1") }
    let spiking = Set(up.rows + down.rows).count, shown = order == .time ? max(1, spiking) : raster.neurons
    var marks: [Mark] = [.raster(Raster(down.times.isEmpty ? [up] : [up, down], rowCount: shown))]
    if let decision { marks.append(.rule(x: decision.time, label: decision.text)) }
    return Panel(
      x: scale.axis,
      y: Axis(
        order == .number
          ? layer.name
          : layer.name + (spiking < raster.neurons ? ", \(spiking) of \(raster.neurons)" : "") + ", by first spike",
        range: -0.5...Double(shown) - 0.5, wholeNumbers: true),
      marks: marks, share: max(0.4, min(1, Double(shown).squareRoot() / 12)))
  }
  private static func ranks(_ raster: SpikeRaster, _ order: Order) -> [Int] {
    guard order == .time else { return Array(0..<raster.neurons) }
    var first = [Int](repeating: raster.steps, count: raster.neurons)
    for (place, sign) in raster.signs.enumerated() where sign != 0 {
      first[place % raster.neurons] = min(first[place % raster.neurons], place / raster.neurons)
    }
    var ranks = first
    for (rank, neuron) in first.indices.sorted(by: { (first[$0], $0) < (first[$1], $1) }).enumerated() {
      ranks[neuron] = rank
    }
    return ranks
  }
}
