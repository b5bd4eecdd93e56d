internal import Classic
internal import Compute
public import Spiking

/// A way to find scales for a network of rectifiers that is to be run on rates.
public protocol RateScheme: Converter {
  var common: RateSettings { get set }
  /// What this scheme alone refuses, from the network without values.
  func refuse(_ network: Network) throws(ConversionProblem)
  /// Scales for a network, or more than that; see the extension.
  func rescaled(_ work: ConversionWork) throws(ConversionProblem) -> ConversionWork
}
extension RateScheme {
  public func refuse(_ network: Network) throws(ConversionProblem) {}
}

/// A conversion under way: opaque outside of this module.
public struct ConversionWork: Sendable {
  var net: AnalogNetwork, calibration: Calibration?, run: ConversionRun, peak: Double
  var scaling: Scaling?
  /// The network as it was scaled, where that is not the one of the beginning.
  var warnings: [String] = []
}

extension RateScheme {
  public func outline(of model: Model) throws(ConversionProblem) -> Model {
    _ = try Chain(model.network)
    try refuse(model.network)
    guard model.input.code.isConstant, ["direct", "analog"].contains(model.input.encoderKind) else {
      throw ConversionProblem(
        "convert.input",
        "the network was made for the code '\(model.input.encoderKind)', and only one on plain values can be converted",
        remedy: "train it without encode, as in: data mnist | dense 300 | relu | dense 10")
    }
    let peak = try common.peak(dt: model.input.dt)
    var outline = model
    do throws(ShapeError) {
      outline.network = try Rewriting(common).network(of: try model.network.folded())
      let encoder = common.encoder(peak: peak)
      outline.input.code = try encoder.code(
        for: model.input.dataset?.shape ?? model.input.code.features, dt: model.input.dt)
      (outline.input.encoderKind, outline.input.encoderText) = (encoder.kind, encoder.settingsText)
    } catch { throw ConversionProblem(error.code, error.message) }
    (outline.parameters, outline.data, outline.training) = (nil, nil, nil)
    (outline.executor, outline.conversion) = (nil, LayerNotes(layers: []))
    for column in ConversionTale.columns { outline.conversion?[column] = [] }
    return outline
  }
  public func convert(_ model: Model, _ run: ConversionRun) throws(ConversionProblem) -> Model {
    var outline = try outline(of: model)
    guard let parameters = model.parameters else {
      throw ConversionProblem(
        "convert.untrained", "the network has no weights yet",
        remedy: "train it first, as in: | train backprop epochs=5")
    }
    let net = try AnalogNetwork.folding(model.network, parameters, run.machine)
    let calibration = Calibration(run, common.calibration)
    let work = try rescaled(
      ConversionWork(net: net, calibration: calibration, run: run, peak: try common.peak(dt: model.input.dt)))
    try run.poll()
    guard let scaling = work.scaling else { return outline }
    let tale = ConversionTale(self, of: model.network, net, work, scaling)
    outline.parameters = Rewriting(common).parameters(for: outline.network, work, scaling)
    outline.conversion = tale.layers
    outline.notes = model.notes + tale.notes
    return outline
  }
}
