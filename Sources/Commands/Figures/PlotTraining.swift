internal import Engine
internal import Language
internal import Plotting
internal import Spiking

/// `plot accuracy`: accuracy over the epochs of training.
struct PlotAccuracy: Plot {
  var frame = PlotFrame()
  static let accepts: [ValueType] = [.model], isDefault: [ValueType] = [.model]
  static let manual = Manual(
    "plot accuracy", "Draws accuracy over the epochs of training.",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=3 | plot accuracy"
    ])
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let history = try trained(input, context)
    let curves: [(String, (EpochRecord) -> Double?)] = [
      ("training", { $0.accuracy }), ("training, ties count", { $0.accuracyTied }),
      ("validation", { $0.validationAccuracy }),
    ]
    return Figure(
      Panel(
        x: Axis("epoch", wholeNumbers: true), y: Axis("accuracy", unit: "%"), marks: lines(history, curves, scale: 100))
    )
  }
}
/// `plot loss`: loss over the epochs of training.
struct PlotLoss: Plot {
  var frame = PlotFrame()
  static let accepts: [ValueType] = [.model]
  static let manual = Manual(
    "plot loss", "Draws the loss over the epochs of training.",
    examples: [
      "data glyphs | take train=200 test=50 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=3 | plot loss"
    ])
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let history = try trained(input, context)
    guard history.contains(where: { $0.loss != nil }) else {
      throw Diagnostic("plot.loss", "the trainer of this model records no loss")
    }
    let curves: [(String, (EpochRecord) -> Double?)] = [
      ("training", { $0.loss }), ("validation", { $0.validationLoss }),
    ]
    return Figure(Panel(x: Axis("epoch", wholeNumbers: true), y: Axis("loss"), marks: lines(history, curves, scale: 1)))
  }
}
private func trained(_ input: Value.Content, _ context: Context) throws -> [EpochRecord] {
  let model = try input.model()
  guard !model.history.isEmpty else { throw Diagnostic.untrained(model, context) }
  return model.history
}
private func lines(_ history: [EpochRecord], _ curves: [(String, (EpochRecord) -> Double?)], scale: Double) -> [Mark] {
  let present = curves.filter { curve in history.contains { curve.1($0) != nil } }
  return present.map { name, read in
    let points = history.compactMap { record in read(record).map { (Double(record.epoch), $0 * scale) } }
    return .line(
      x: points.map(\.0), y: points.map(\.1), label: present.count > 1 ? name : "",
      marker: points.count <= 60 ? .circle : nil)
  }
}

/// `plot confusion`: which class is taken for which.
struct PlotConfusion: Plot, OnData {
  var data: DatasetArgument?, part: Part?, frame = PlotFrame()
  static let accepts: [ValueType] = [.model]
  static let manual = Manual(
    "plot confusion", "Shows which class is taken for which.",
    examples: [
      "data glyphs | take train=200 test=100 | encode ttfs | mlp 50 10 neuron=if-once | train s4nn epochs=2 | plot confusion"
    ])
  static let plotSettings: [Setting<Self>] = [.data, .part]
  func figure(of input: Value.Content, _ context: Context) throws -> Figure {
    let chosen = try selection(input, context)
    defer { context.surroundings.progress(nil) }
    let outcomes = try chosen.execution(context).outcomes(chosen.indices, chosen.part, of: chosen.data)
    let classes = chosen.data.dataset.classes
    let columns = max(classes.count, (outcomes.compactMap(\.answer).max() ?? 0) + 1)
    var counts = [Double](repeating: 0, count: classes.count * columns)
    for outcome in outcomes { if let answer = outcome.answer { counts[outcome.label * columns + answer] += 1 } }
    let names = (0..<columns).map { $0 < classes.count ? classes[$0] : "\($0)" }
    let matrix = Matrix(rows: classes.count, columns: columns, values: counts, printedDecimals: 0, label: "samples")
    return Figure(
      Panel(
        x: Axis("answer", categories: names), y: Axis("label", categories: classes, reversed: true),
        marks: [.matrix(matrix)]))
  }
}
