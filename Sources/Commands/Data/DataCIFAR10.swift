internal import Compute
internal import Datasets
internal import Engine
internal import Language
internal import Spiking

/// `data cifar10`
struct DataCIFAR10: Command {
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.dataset]
  static let manual = Manual(
    "data cifar10", "Photographs of ten things: 50 000 for training, 10 000 for testing, 3×32×32.",
    reference: "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
    details:
      "The binary version, as the published archive or as its six batches (cifar10/data_batch_1.bin to data_batch_5.bin and test_batch.bin), plain, gzip or xz. The files are looked for in the folder of 'set data', in SOMA_DATA and in the user's cache; soma data get cifar10 fetches the archive. Channels are red, green, blue."
  )

  func check(_ input: Facts, _ context: Context) throws -> Facts {
    let folder = DataFolder(set: context.settings.data)
    do throws(FileProblem) { _ = try CIFAR10.source(in: folder) } catch {
      throw Diagnostic(
        "data.missing", "the file '\(error.file)' of 'cifar10' is not there",
        notes: ["looked in " + folder.folders.joined(separator: ", ")], help: "fetch it with: soma data get cifar10")
    }
    return .dataset(
      Dataset.Outline(
        name: KnownData.cifar10.name, shape: CIFAR10.shape, classes: CIFAR10.classes,
        counts: [.train: 50_000, .test: 10_000]))
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let surroundings = context.surroundings
    defer { surroundings.progress(nil) }
    return .dataset(
      try reading { () throws(FileProblem) in
        try CIFAR10.read(
          in: DataFolder(set: context.settings.data), machine: context.machine,
          isInterrupted: surroundings.isInterrupted,
          report: { surroundings.progress("reading cifar10, \(Int($0 * 100))%") })
      })
  }
}
