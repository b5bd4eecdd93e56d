internal import Engine

func registerPlots(in registry: inout Registry) throws(RegistrationProblem) {
  try registry.register(PlotStaircase.self)
  try registry.register(PlotFirstSpikes.self)
  try registry.register(PlotFiringTimes.self)
  try registry.register(PlotDeadline.self)
  try registry.register(PlotThresholds.self)
  try registry.register(PlotWeights.self)
  try registry.register(PlotWeightHistogram.self)
}
