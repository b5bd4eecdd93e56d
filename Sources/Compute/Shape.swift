/// The extents of a tensor, outermost first.
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public var extents: [Int]

  public init(_ extents: [Int]) { self.extents = extents }
  public init(arrayLiteral extents: Int...) { self.extents = extents }

  /// The number of elements, 1 for a shape without extents.
  public var count: Int { extents.reduce(1, *) }
  public var rank: Int { extents.count }
  public subscript(axis: Int) -> Int { extents[axis] }
  /// "28×28"
  public var description: String { extents.map(String.init).joined(separator: "×") }
}
