public import FoundationEssentials

/// Where data sets are looked for: the folder that was set, `SOMA_DATA`, then the user's cache.
public struct DataFolder: Sendable {
  public var folders: [String]

  public init(set folder: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
    folders = [folder, environment["SOMA_DATA"] ?? "", Self.cache(environment)].filter { !$0.isEmpty }.map(
      Self.expanded)
  }
  /// The user's own folder for fetched data.
  public static func cache(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
    if let folder = environment["XDG_CACHE_HOME"], !folder.isEmpty { return folder + "/soma/data" }
    let home = environment["HOME"] ?? "."
    #if os(macOS)
      return home + "/Library/Caches/soma/data"
    #else
      return home + "/.cache/soma/data"
    #endif
  }
  /// The first existing file of that path below one of the folders, gzip or plain.
  public func find(_ path: String) -> String? {
    let variants = path.hasSuffix(".gz") ? [path, String(path.dropLast(3))] : [path, path + ".gz"]
    for folder in folders {
      for variant in variants where FileManager.default.fileExists(atPath: "\(folder)/\(variant)") {
        return "\(folder)/\(variant)"
      }
    }
    return nil
  }
  /// A path as the user gave it: below the working folder, else below the data folders.
  public func locate(_ path: String) throws(FileProblem) -> String {
    let path = Self.expanded(path)
    if let found = FileManager.default.fileExists(atPath: path) ? path : path.hasPrefix("/") ? nil : find(path) {
      var isFolder = false
      _ = FileManager.default.fileExists(atPath: found, isDirectory: &isFolder)
      if isFolder { throw FileProblem(path, .unreadable("it is a folder")) }
      return found
    }
    throw FileProblem(path, .missing)
  }
  static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/") else { return path }
    return (ProcessInfo.processInfo.environment["HOME"] ?? "~") + path.dropFirst(1)
  }
}
