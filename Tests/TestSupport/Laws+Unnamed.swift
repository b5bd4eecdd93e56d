internal import Laws

extension Laws {
  /// A law that only tests ask for.
  mutating func require(_ holds: Bool, _ seen: @autoclosure () -> String) {
    require(Law("tests", "what only tests ask for"), holds, seen())
  }
}
