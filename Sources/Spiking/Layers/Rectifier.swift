public import Compute

/// y = max(0, x)
public struct Rectifier: DifferentiableLayer, Declared {
  public init() {}
  public static let manual = Manual(
    "relu", "Passes on what is positive.", equation: "y = max(0, x)", examples: ["data glyphs | dense 100 | relu"])
  public var kind: String { "relu" }
  public var role: LayerRole { .rectifier }
  public func features(after features: Shape) throws(ShapeError) -> Shape { features }

  /// Values per piece of work.
  private static let piece = 16384

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    var output = input.unwritten(input.features)
    let machine = pass.machine
    input.values.read { x in
      output.values.write { y in
        nonisolated(unsafe) let (x, y) = (x, y)
        machine.forEachTile(of: input.values.count, size: Self.piece) { tile in
          machine.backend.rectify(x + tile.lowerBound, into: y + tile.lowerBound, count: tile.count)
        }
      }
    }
    return output
  }
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    var result = input.unwritten(input.features)
    let machine = pass.machine
    input.values.read { x in
      gradient.values.read { g in
        result.values.write { r in
          nonisolated(unsafe) let (x, g, r) = (x, g, r)
          machine.forEachTile(of: input.values.count, size: Self.piece) { tile in
            let first = tile.lowerBound
            machine.backend.rectifyBackward(g + first, x + first, into: r + first, count: tile.count)
          }
        }
      }
    }
    return result
  }
}
/// Images as a row of numbers. Dense layers take any shape, so this only changes what is shown.
public struct Flatten: DifferentiableLayer, Declared {
  public init() {}
  public static let manual = Manual("flatten", "Reads images as one row of numbers.")
  public var kind: String { "flatten" }
  public var role: LayerRole { .passive(.reshape) }
  public func features(after features: Shape) throws(ShapeError) -> Shape { [features.count] }
  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    var output = input
    output.features = node.output
    return output
  }
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    var result = gradient
    result.features = node.input
    return result
  }
}
