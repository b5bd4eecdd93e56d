public import Compute

/// A linear layer prepared for spikes one by one: one row of weights per input.
///
/// The weights stay where they are, in the flat vector of all parameters. Whoever holds a `Synapses` while writing
/// these parameters makes the vector be copied; trainers that update sample by sample let go of it first.
public struct Synapses: Sendable {
  public var inputs: Int, outputs: Int
  /// The flat vector; the weight from i to j is at offset + i · outputs + j.
  public var parameters: Tensor, offset: Int
  /// Whether only the sign of a weight counts, −1 where it is negative and 1 otherwise, times `scale`.
  public var isBinary: Bool, scale: Float
  /// One number per output, added at every step; empty where there is none.
  public var bias: [Float]

  public init(
    inputs: Int, outputs: Int, parameters: Tensor, offset: Int = 0, isBinary: Bool = false, scale: Float = 1,
    bias: [Float] = []
  ) {
    precondition(offset + inputs * outputs <= parameters.count, "weights within the vector")
    (self.inputs, self.outputs, self.parameters, self.offset) = (inputs, outputs, parameters, offset)
    (self.isBinary, self.scale, self.bias) = (isBinary, scale, bias)
  }

  /// The effective weight from `input` to `output`.
  public func weight(_ input: Int, _ output: Int) -> Float {
    let stored = parameters[offset + input * outputs + output]
    return isBinary ? (stored < 0 ? -scale : scale) : stored
  }
  /// Calls `body` with the address of the stored weights, inputs × outputs.
  public func withWeights<R>(_ body: (UnsafePointer<Float>) throws -> R) rethrows -> R {
    try parameters.read { try body($0 + offset) }
  }
  /// 1 where a weight is negative, else 0: inputs × `stride` bytes, rows padded with zeros.
  public func negativeSigns(stride: Int) -> [UInt8] {
    precondition(stride >= outputs, "rows at least as long as the outputs")
    return [UInt8](unsafeUninitializedCapacity: inputs * stride) { bytes, count in
      bytes.initialize(repeating: 0)
      withWeights { w in
        for i in 0..<inputs { for j in 0..<outputs where w[i * outputs + j] < 0 { bytes[i * stride + j] = 1 } }
      }
      count = inputs * stride
    }
  }
}
