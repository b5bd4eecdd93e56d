/// Names with what they are bound to.
///
/// Copies share all shelves but the one that changes, so that keeping every state of a long script for `undo` stays cheap.
struct Bindings: Sendable {
  private var shelves = [[String: Item]](repeating: [:], count: 128)

  private func shelf(_ name: String) -> Int { Int(UInt(bitPattern: name.hashValue) % UInt(shelves.count)) }
  subscript(name: String) -> Item? {
    get { shelves[shelf(name)][name] }
    set { shelves[shelf(name)][name] = newValue }
  }
  var all: [(name: String, item: Item)] { shelves.flatMap { $0.map { (name: $0.key, item: $0.value) } } }
  var names: [String] { shelves.flatMap(\.keys) }
}
