internal import ArgumentParser
internal import Datasets
internal import Engine

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// `soma data`
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetches published data sets.", subcommands: [GetData.self])
}

/// `soma data get NAME`
struct GetData: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Fetches a data set, checks it and keeps it where 'data NAME' looks for it.",
    discussion: "What is there already is not fetched again; what was cut off goes on where it stopped.")
  @Argument(help: "The data set: \(names).", completion: .list(KnownData.all.map(\.name))) var name: String
  @Option(help: "Address of another server; the files' names are put behind it.") var from: String?
  @Option(help: "Folder to put them below; SOMA_DATA, else the user's cache, by default.", completion: .directory)
  var to: String?
  private static var names: String { KnownData.all.map(\.name).joined(separator: ", ") }

  func validate() throws {
    if name == NMNIST.name {
      let folder = to ?? UserFiles.environment("SOMA_DATA") ?? DataFolder.cache()
      throw ValidationError("'nmnist' cannot be fetched: \(KnownData.remedyForNMNIST(folder))")
    }
    guard KnownData.all.contains(where: { $0.name == name }) else {
      throw ValidationError("'\(name)' is not a data set that can be fetched: \(Self.names)")
    }
  }
  /// The network's libraries are in a program of their own, which takes the place of this one.
  func run() throws {
    let folder = to ?? UserFiles.environment("SOMA_DATA") ?? DataFolder.cache()
    let program = OwnProgram.folder + "/soma-fetch"
    let texts = [program, name, folder] + (from.map { [$0] } ?? [])
    let arguments: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    execv(program, arguments + [nil])
    Console.surroundings().writeError(
      "error[download.program]: '\(program)' cannot be started\n  = help: it is installed beside soma by: make install\n"
    )
    throw ExitCode(1)
  }
}

/// Where this program lies.
enum OwnProgram {
  static var folder: String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    #if os(Linux)
      let isFound = readlink("/proc/self/exe", &path, path.count - 1) > 0
    #else
      var size = UInt32(path.count)
      let isFound = _NSGetExecutablePath(&path, &size) == 0
    #endif
    let name = isFound ? path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } : nil
    let file = name ?? CommandLine.arguments.first ?? ""
    return file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
  }
}
