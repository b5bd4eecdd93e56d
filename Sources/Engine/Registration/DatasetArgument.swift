public import Spiking

/// A data set given as an argument: `data=mine`.
public struct DatasetArgument: SettingValue {
  public var dataset: Dataset
  public static var form: SettingForm { .value("dataset") }
  public init?(argument: Argument) {
    guard case .dataset(let dataset)? = argument.content else { return nil }
    self.dataset = dataset
  }
  public var argument: Argument { .text(dataset.name) }
}
