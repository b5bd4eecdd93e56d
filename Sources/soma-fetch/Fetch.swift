internal import Datasets
internal import Foundation

/// `soma-fetch NAME FOLDER [ADDRESS]`: what `soma data get` starts, so that the network's libraries cost its own start nothing.
@main enum Fetch {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count == 2 || arguments.count == 3,
      let data = KnownData.all.first(where: { $0.name == arguments[0] })
    else { end("Usage: soma data get NAME [--from ADDRESS] [--to FOLDER]\n", 2) }
    let download = Download(data, from: arguments.count == 3 ? arguments[2] : nil, to: arguments[1])
    let progress = ProgressLine()
    do {
      try download.run(Network()) { progress.show($0) }
      progress.tell("\(data.name) is in \(download.folder)")
    } catch {
      progress.clear()
      end(error.description + "\n", error.isInterrupted ? 130 : 1)
    }
  }
  private static func end(_ text: String, _ status: Int32) -> Never {
    FileHandle.standardError.write(Data(text.utf8))
    exit(status)
  }
}
extension DownloadProblem {
  fileprivate var isInterrupted: Bool { if case .transport(_, .interrupted) = fact { true } else { false } }
}
