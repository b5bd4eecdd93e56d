public import Compute

/// A square kernel slides over images: y[o] = Σ_c w[o][c] ∗ x[c] + b[o].
///
/// Weights are [outputs][channels][kernel][kernel]. Images are [channels, height, width], or [height, width] with one
/// channel; the output is [channels, height, width].
public struct Convolution: LinearLayer, DifferentiableLayer, Declared {
  public enum Padding: String, Choice { case same, valid }
  public var channels: Int
  public var kernel = 3, stride = 1
  public var padding = Padding.same
  public var bias = true
  /// How weights start; left open, uniform in ±1/√(inputs of an output).
  public var initial: Initialiser?

  public init() { channels = 8 }
  public init(_ channels: Int, kernel: Int = 3, stride: Int = 1, padding: Padding = .same, bias: Bool = true) {
    (self.channels, self.kernel, self.stride, self.padding) = (channels, kernel, stride, padding)
    self.bias = bias
  }
  public static let manual = Manual(
    "conv", "A layer of kernels that slide over images.", equation: "y[o] = Σ_c w[o][c] ∗ x[c] + b[o]",
    examples: ["data glyphs | conv 8 kernel=3"])
  public static let settings: [Setting<Self>] = [
    Setting(
      "channels", \.channels, "Number of kernels, and of channels that come out.", in: 1...1e5, positional: true,
      required: true),
    Setting("kernel", \.kernel, "Height and width of a kernel.", in: 1...1e4),
    Setting("stride", \.stride, "Steps by which a kernel moves.", in: 1...1e4),
    Setting("padding", \.padding, "Whether zeros around the image keep its size."),
    Setting("bias", \.bias, "Whether each channel has a bias."),
  ]

  public var kind: String { "conv" }
  public var summary: String {
    "conv \(channels), \(kernel)×\(kernel)" + (stride > 1 ? ", stride \(stride)" : "")
      + (padding == .valid ? ", valid" : "")
  }
  public var role: LayerRole { .linear(self) }

  public func features(after features: Shape) throws(ShapeError) -> Shape {
    let image = try ImageShape.require(features, for: kind)
    let window = try image.requireWindow(kernel, stride: stride, padded: padding == .same, noun: "kernel")
    return [channels, window.outputHeight, window.outputWidth]
  }
  public func parameters(for features: Shape) -> [ParameterSpec] {
    let inputs = ImageShape(features)?.channels ?? 1
    let bound = 1 / Float(inputs * kernel * kernel).squareRoot()
    let shape: Shape = [channels, inputs, kernel, kernel]
    return [ParameterSpec("weight", shape, .weight, initial ?? .uniform(-bound...bound))]
      + (bias ? [ParameterSpec("bias", [channels], .bias, .constant(0))] : [])
  }
  /// The geometry at a node, whose shapes have been checked.
  public func window(_ node: Node) -> Window {
    guard let image = ImageShape(node.input) else { preconditionFailure("'\(node.name)' has no images") }
    return image.window(kernel, stride: stride, padded: padding == .same)
  }
  func biasSlot(_ node: Node) -> Int? { bias ? node.slots.lowerBound + 1 : nil }

  /// Images of one piece of work.
  static let tile = 8

  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    var output = input.unwritten(node.output)
    let window = window(node), size = node.output.count, channels = channels, machine = pass.machine
    let weight = pass.offset(node.slots.lowerBound), bias = biasSlot(node).map(pass.offset)
    pass.parameters.flat.read { p in
      input.values.read { x in
        output.values.write { y in
          nonisolated(unsafe) let (p, x, y) = (p, x, y)
          machine.forEachTile(of: input.rows, size: Self.tile) { rows in
            let out = y + rows.lowerBound * size
            withScratch(window) { scratch in
              machine.backend.convolve(
                x + rows.lowerBound * window.inputCount, p + weight, count: rows.count, outputs: channels, window,
                into: out, scratch: scratch)
            }
            guard let bias else { return }
            for k in 0..<rows.count * channels {
              let channel = out + k * window.places, b = p[bias + k % channels]
              for i in 0..<window.places { channel[i] += b }
            }
          }
        }
      }
    }
    return output
  }
  func withScratch(_ window: Window, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, window.scratch)) { memory in
      if let base = memory.baseAddress { body(base) }
    }
  }
}
