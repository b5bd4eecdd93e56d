public import Compute

/// The average or the maximum of each tile of an image, channel by channel.
public struct Pool: DifferentiableLayer, Declared {
  public enum Kind: String, Choice { case average, maximum }
  public var size: Int
  public var method = Kind.average
  public var stride: Int?

  public init() { size = 2 }
  public init(_ size: Int, _ method: Kind = .average, stride: Int? = nil) {
    (self.size, self.method, self.stride) = (size, method, stride)
  }
  public static let manual = Manual(
    "pool", "A layer that keeps the average or the maximum of each tile of an image.",
    examples: ["data glyphs | conv 8 kernel=3 | pool 2"])
  public static let settings: [Setting<Self>] = [
    Setting("size", \.size, "Height and width of a tile.", in: 1...1e4, positional: true),
    Setting("kind", \.method, "What is kept of a tile."),
    Setting("stride", \.stride, "Steps from one tile to the next; as many as its size where left out.", in: 1...1e4),
  ]

  public var kind: String { "pool" }
  public var summary: String { "pool \(size)×\(size), \(method.rawValue)" }
  public var role: LayerRole { .passive(method == .average ? .average : .maximum) }
  private var pooling: Pooling { method == .average ? .average : .maximum }

  /// Places where a tile would reach over the edge are left out. The rank of the shape stays.
  public func features(after features: Shape) throws(ShapeError) -> Shape {
    let image = try ImageShape.require(features, for: kind)
    let window = try image.requireWindow(size, stride: stride ?? size, padded: false, noun: "tile")
    let places = [window.outputHeight, window.outputWidth]
    return Shape(features.rank == 2 ? places : [image.channels] + places)
  }
  public func window(_ node: Node) -> Window {
    guard let image = ImageShape(node.input) else { preconditionFailure("'\(node.name)' has no images") }
    return image.window(size, stride: stride ?? size, padded: false)
  }
  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    var output = input.unwritten(node.output)
    if method == .maximum { output.alphabet = input.alphabet }
    let window = window(node), count = node.output.count, machine = pass.machine, pooling = pooling
    input.values.read { x in
      output.values.write { y in
        nonisolated(unsafe) let (x, y) = (x, y)
        machine.forEach(input.rows) { row in
          machine.backend.pool(pooling, x + row * window.inputCount, window, into: y + row * count)
        }
      }
    }
    return output
  }
  public func backward(
    _ gradient: Signal, input: Signal, at node: Node, _ pass: inout Pass, needsInput: Bool
  ) -> Signal? {
    var result = input.unwritten(input.features)
    let window = window(node), count = node.output.count, machine = pass.machine, pooling = pooling
    input.values.read { x in
      gradient.values.read { g in
        result.values.write { r in
          nonisolated(unsafe) let (x, g, r) = (x, g, r)
          machine.forEach(input.rows) { row in
            let image = row * window.inputCount
            machine.backend.poolBackward(pooling, g + row * count, x + image, window, into: r + image)
          }
        }
      }
    }
    return result
  }
}
