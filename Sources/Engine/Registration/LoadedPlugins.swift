public import Processes
internal import Synchronization

/// A plugin that was loaded while the program runs.
public struct LoadedPlugin: Sendable {
  public var name: String, summary: String
  /// Its file, as named by the user.
  public var file: String
  public var declarations: [CommandDeclaration]

  public init(name: String, summary: String, file: String, declarations: [CommandDeclaration]) {
    (self.name, self.summary, self.file, self.declarations) = (name, summary, file, declarations)
  }
}

/// The plugins of a session. A check works on a copy, so what is only checked loads and removes nothing.
public final class LoadedPlugins: Sendable {
  private let list: Mutex<[LoadedPlugin]>
  /// Where they leave what went wrong.
  public let failures: Failures
  init(_ plugins: [LoadedPlugin] = [], failures: Failures = Failures()) {
    list = Mutex(plugins)
    self.failures = failures
  }
  var copy: LoadedPlugins { LoadedPlugins(all, failures: failures) }

  public var all: [LoadedPlugin] { list.withLock { $0 } }
  /// Adds a plugin, in the place of one of the same file.
  public func add(_ plugin: LoadedPlugin) {
    list.withLock { list in
      list.removeAll { $0.file == plugin.file }
      list.append(plugin)
    }
  }
  public func remove(_ name: String) { list.withLock { $0.removeAll { $0.name == name } } }
}
