internal import Datasets
public import Engine
internal import Spiking

/// The verbs that come with Soma, in one list.
public struct BuiltIn: Plugin {
  public static let name = "Soma", summary = "The verbs that come with Soma."

  public static func register(in registry: inout Registry) throws(RegistrationProblem) {
    registry.dataFolders = { DataFolder(set: $0.data).folders }
    try data(&registry)
    try layers(&registry)
    try looking(&registry)
    try tables(&registry)
    try figures(&registry)
    try registry.register(Save.self)
    try registry.register(Load.self)
    try registry.register(Names.self)
    try registry.register(RecipeOf.self)
    try registry.register(Verify.self)
    try registry.register(PluginLoad.self)
    try registry.register(PluginList.self)
    try registry.register(PluginRemove.self)
  }
  private static func data(_ registry: inout Registry) throws(RegistrationProblem) {
    try registry.register(DataGlyphs.self)
    try registry.register(DataMNIST.self)
    try registry.register(DataFashion.self)
    try registry.register(DataCIFAR10.self)
    try registry.register(DataNMNIST.self)
    try registry.register(DataIDX.self)
    try registry.register(DataMackeyGlass.self)
    try registry.register(DataCSV.self)
    try registry.register(Sample.self)
    try registry.register(Take.self)
    try registry.register(Split.self)
    try registry.register(Augment.self)
    try registry.register(CorruptNoise.self)
    try registry.register(CorruptMissing.self)
    try registry.register(CorruptLevels.self)
    try registry.register(CorruptFlips.self)
    try registry.register(encoder: Direct.self)
    try registry.register(encoder: Frames.self)
    try registry.register(Decode.self)
  }
  private static func layers(_ registry: inout Registry) throws(RegistrationProblem) {
    try registry.register(layer: Dense.self)
    try registry.register(layer: Convolution.self)
    try registry.register(layer: Pool.self)
    try registry.register(layer: Rectifier.self)
    try registry.register(layer: BatchNorm.self)
    try registry.register(layer: Dropout.self)
    try registry.register(layer: Flatten.self)
    try registry.register(layer: Gain.self)
    try registry.register(MLP.self)
    try registry.register(Residual.self)
    try registry.register(Fold.self)
    try registry.register(Change.declaration)
  }
  private static func looking(_ registry: inout Registry) throws(RegistrationProblem) {
    try registry.register(Probe.self)
    try registry.register(WeightsOf.self)
    try registry.register(Evaluate.self)
    try registry.register(Predict.self)
    try registry.register(History.self)
    try registry.register(Curve.self)
    try registry.register(Layers.self)
    try registry.register(Activity.self)
    try registry.register(Operations.self)
    try registry.register(DriveFile.self)
    try registry.register(Measure.self)
    try registry.register(At.self)
  }
  private static func tables(_ registry: inout Registry) throws(RegistrationProblem) {
    try registry.register(Select.self)
    try registry.register(Sort.self)
    try registry.register(Rows.self)
    try registry.register(Group.self)
    try registry.register(Best.self)
  }
  private static func figures(_ registry: inout Registry) throws(RegistrationProblem) {
    try registry.register(Overlay.self)
    try registry.register(Grid.self)
    try registry.register(PlotLine.self)
    try registry.register(PlotScatter.self)
    try registry.register(PlotBars.self)
    try registry.register(PlotTableHistogram.self)
    try registry.register(PlotHeatmap.self)
    try registry.register(PlotMembrane.self)
    try registry.register(PlotRaster.self)
    try registry.register(PlotImages.self)
    try registry.register(PlotAccuracy.self)
    try registry.register(PlotLoss.self)
    try registry.register(PlotConfusion.self)
    try registry.register(PlotFI.self)
    try registry.register(PlotISI.self)
    try registry.register(PlotPSTH.self)
    try registry.register(PlotPrediction.self)
    try registry.register(PlotPhase.self)
    try registry.register(PlotSurrogate.self)
    try registry.register(PlotMembraneHistogram.self)
    try registry.register(PlotEntropy.self)
    try registry.register(PlotMaps.self)
    try registry.register(PlotAmplitudes.self)
  }
}
