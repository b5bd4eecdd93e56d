internal import Engine
internal import Language
internal import Processes
internal import Spiking

/// `plugin load`: starts a process that brings neurons and codes.
struct PluginLoad: Command {
  var file = "", timeout = Time.ms(10_000)
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "plugin load", "Starts a plugin in any language and adds the neurons and codes that it declares.",
    details:
      "A plugin is a program that is spoken to over its standard input and output; docs/plugins.md tells how. A file that may be executed is run as it is, one that ends in .py by python3. It is started when the line is checked, and ends with the session."
  )
  static let settings: [Setting<Self>] = [
    Setting(
      "file", \.file, "The program.", form: .file(endings: [".py"], isWritten: false), positional: true,
      required: true),
    Setting(
      "timeout", \.timeout, "How long an answer may take.", form: .number(.time), in: 0.001...3600),
  ]
  /// Loading belongs to the check: what follows must know what the plugin brings.
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard context.isKnown("file"), context.isKnown("timeout") else { return .table(nil) }
    let process = try PluginProcess(
      file, timeout: timeout, failures: context.registry.loaded.failures,
      isInterrupted: context.surroundings.isInterrupted)
    var declarations: [CommandDeclaration] = []
    for neuron in try process.neurons() { declarations.append(CommandDeclaration(neuron)) }
    for encoder in try process.encoders() { declarations.append(CommandDeclaration(encoder)) }
    try refuse(process.name, declarations, context)
    for place in declarations.indices { declarations[place].owner = process.name }
    context.registry.loaded.add(
      LoadedPlugin(name: process.name, summary: process.summary, file: file, declarations: declarations))
    return PluginList.facts
  }
  /// Refuses names that are taken.
  private func refuse(_ name: String, _ declarations: [CommandDeclaration], _ context: Context) throws {
    let others = context.registry.loaded.all.filter { $0.file != file }
    if let other = others.first(where: { $0.name == name }) {
      throw Diagnostic(
        "plugin.name", "'\(file)' and '\(other.file)' are both called '\(name)'", help: "plugin remove \(name)")
    }
    var met: Set<String> = []
    for declaration in declarations {
      let known = context.registry.declarations(declaration.name).first { own in
        !context.registry.loaded.all.contains { $0.file == file && $0.name == own.owner }
      }
      guard known == nil, met.insert(declaration.name).inserted else {
        throw Diagnostic(
          "plugin.name", "'\(file)' declares '\(declaration.name)', which \(known?.owner ?? name) declares already")
      }
    }
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    .table(PluginList.table(context.registry.loaded.all.filter { $0.file == file }))
  }
}

/// `plugin list`
struct PluginList: Command {
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.table], isMeasuring = true
  static let manual = Manual(
    "plugin list", "Lists the plugins that were loaded, with what they bring.", examples: ["plugin list"])
  static let facts = Facts.table([
    .init("plugin", .text), .init("brings", .text), .init("summary", .text), .init("file", .text),
  ])
  func check(_ input: Facts, _ context: Context) throws -> Facts { Self.facts }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let plugins = context.registry.loaded.all
    if plugins.isEmpty {
      context.notes.add("plugin.none", "no plugin is loaded", help: "plugin load FILE")
    }
    return .table(Self.table(plugins))
  }
  static func table(_ plugins: [LoadedPlugin]) -> Table {
    let rows = plugins.flatMap { plugin in plugin.declarations.map { (plugin, $0) } }
    return Table([
      Table.Column("plugin", texts: rows.map(\.0.name)), Table.Column("brings", texts: rows.map(\.1.name)),
      Table.Column("summary", texts: rows.map(\.1.manual.summary)), Table.Column("file", texts: rows.map(\.0.file)),
    ])
  }
}

/// `plugin remove`
struct PluginRemove: Command {
  var name = ""
  static let accepts: [ValueType] = [.nothing], gives: [ValueType] = [.nothing], isMeasuring = true
  static let manual = Manual(
    "plugin remove", "Takes away what a plugin brought; its process ends when no value needs it any more.")
  static let settings: [Setting<Self>] = [
    Setting("name", \.name, "Name of the plugin.", form: .name, positional: true, required: true)
  ]
  /// Belongs to the check, as loading does.
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard context.isKnown("name") else { return .nothing }
    let all = context.registry.loaded.all
    guard let plugin = all.first(where: { $0.name == name }) else {
      throw Diagnostic(
        "plugin.unknown", "no plugin '\(name)' is loaded",
        help: all.isEmpty ? nil : "loaded are \(all.map(\.name).joined(separator: ", "))")
    }
    context.registry.loaded.remove(plugin.name)
    return .nothing
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content { .nothing }
}
