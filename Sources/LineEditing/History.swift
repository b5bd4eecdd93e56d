/// The lines typed so far, oldest first, without duplicates; a file keeps them beyond the session.
public final class History {
  public private(set) var items: [String] = []
  /// Older items are given up beyond this number.
  public let limit: Int
  private let file: HistoryFile?

  /// - Parameter folder: where the file `history` lies; nil for a history of this session only.
  public init(folder: String?, limit: Int = 10_000) {
    self.limit = limit
    file = folder.map(HistoryFile.init)
  }

  /// Reads what earlier sessions kept.
  public func load() {
    guard let file else { return }
    let stored = file.read()
    items = Self.distinct(stored, limit)
    if stored.count > items.count + limit / 4 { file.rewrite { Self.distinct($0, self.limit) } }
  }
  /// Keeps an item as the newest, at once in the file too; a session open beside this one loses nothing.
  public func add(_ item: String) {
    guard !item.allSatisfy(\.isWhitespace), item != items.last else { return }
    items.removeAll { $0 == item }
    items.append(item)
    if items.count > limit { items.removeFirst(items.count - limit) }
    file?.append(item)
  }
  /// Of equal items the last stays.
  static func distinct(_ items: [String], _ limit: Int) -> [String] {
    var seen: Set<String> = []
    return Array(items.reversed().filter { seen.insert($0).inserted }.prefix(limit).reversed())
  }
}
