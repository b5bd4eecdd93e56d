internal import Laws
public import Spiking

/// Laws of a declaration: names are unique and words, everything has a summary, defaults parse back to themselves.
public func checkDeclared<Root: Declared>(_ type: Root.Type) -> [String] {
  var laws = Laws()
  let manual = Root.manual, settings = Root.settings, root = Root()
  laws.require(!manual.name.isEmpty, "the manual has a name")
  laws.require(!manual.summary.isEmpty, "'\(manual.name)' has a summary")
  laws.require(Set(settings.map(\.name)).count == settings.count, "'\(manual.name)' has settings of one name")
  for setting in settings {
    let isWord =
      setting.name.first?.isLetter == true
      && setting.name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    laws.require(isWord, "'\(setting.name)' is not a name")
    laws.require(!setting.summary.isEmpty, "'\(setting.name)' has no summary")
  }
  for (name, argument) in root.currentSettings where !argument.written.isEmpty {
    guard let copy = try? root.applying([(name, argument)]) else {
      laws.require(false, "the default of '\(name)', \(argument.written), is refused")
      continue
    }
    let again = copy.currentSettings.first { $0.name == name }?.argument.written
    laws.require(again == argument.written, "the default of '\(name)' reads back as \(again ?? "nothing")")
  }
  let isRefused = (try? root.applying([("no_such_setting", .flag(true))])) == nil
  laws.require(isRefused, "an unknown setting is taken")
  return laws.broken
}
