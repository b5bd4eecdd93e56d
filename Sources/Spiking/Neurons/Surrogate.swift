#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What stands in for the derivative of a spike: with x = (v − θ)/θ, ∂(spike)/∂v is taken to be b·s(b·x)/θ.
///
/// Every shape s has the area 1, so that its integral S goes from 0 to 1 as a spike does; b is the sharpness. Neurons that
/// also send negative spikes take |v| for v.
///
/// - Reference: E. O. Neftci, H. Mostafa, F. Zenke, IEEE Signal Process. Mag. 36(6), 2019, arXiv:1901.09948.
public struct Surrogate: Sendable, Equatable, BitwiseCopyable {
  public enum Shape: String, Choice, BitwiseCopyable {
    /// ½ for |x| ≤ 1: straight through, as of Y. Guo et al., 2024, arXiv:2312.06372.
    case clamp
    /// max(0, 1 − |x|): S. K. Esser et al., 2016, arXiv:1603.08270.
    case triangle
    /// ½/(1 + |x|)², the fast sigmoid: F. Zenke, S. Ganguli, 2018, arXiv:1705.11146.
    case sigmoid
    /// 1/(1 + (πx)²): W. Fang et al., 2021, arXiv:2007.05785.
    case arctan
    /// √(2/π)·e^(−2x²), a standard deviation of ½: B. Yin et al., 2020, arXiv:2005.11633.
    case gaussian
    /// ¾·sech²(1.5x)/tanh 1.5 for |x| ≤ 1: Dspike of temperature 3, Y. Li et al., 2021.
    case tanh
  }
  public var shape: Shape
  /// b: how narrow and high.
  public var sharpness: Double
  public init(_ shape: Shape, sharpness: Double = 1) { (self.shape, self.sharpness) = (shape, sharpness) }

  /// b·s(b·x)
  public func slope(_ x: Double) -> Double {
    let b = sharpness, x = abs(b * x)
    switch shape {
    case .clamp: return x <= 1 ? b / 2 : 0
    case .triangle: return b * max(0, 1 - x)
    case .sigmoid: return b / 2 / ((1 + x) * (1 + x))
    case .arctan: return b / (1 + .pi * .pi * x * x)
    case .gaussian: return b * (2 / .pi).squareRoot() * exp(-2 * x * x)
    case .tanh:
      let c = cosh(1.5 * min(1, x))
      return x <= 1 ? b * 0.75 / (hyperbolicTangent(1.5) * c * c) : 0
    }
  }
  /// S(b·x), from 0 far below the threshold to 1 far above it.
  public func value(_ x: Double) -> Double {
    let x = sharpness * x, side = min(1, max(-1, x))
    switch shape {
    case .clamp: return (1 + side) / 2
    case .triangle: return side < 0 ? (1 + side) * (1 + side) / 2 : 1 - (1 - side) * (1 - side) / 2
    case .sigmoid: return (1 + x / (1 + abs(x))) / 2
    case .arctan: return 0.5 + atan(.pi * x) / .pi
    case .gaussian: return erfc(-x * 2.0.squareRoot()) / 2
    case .tanh: return (1 + hyperbolicTangent(1.5 * side) / hyperbolicTangent(1.5)) / 2
    }
  }
  /// Puts slopes in the place of distances x.
  public func replace(_ x: UnsafeMutablePointer<Float>, count n: Int) {
    let b = Float(sharpness), half = b / 2
    switch shape {
    case .clamp: for i in 0..<n { x[i] = abs(b * x[i]) <= 1 ? half : 0 }
    case .triangle: for i in 0..<n { x[i] = b * max(0, 1 - abs(b * x[i])) }
    case .sigmoid:
      for i in 0..<n {
        let far = 1 + abs(b * x[i])
        x[i] = half / (far * far)
      }
    case .arctan:
      for i in 0..<n {
        let y = Float.pi * b * x[i]
        x[i] = b / (1 + y * y)
      }
    case .gaussian, .tanh: for i in 0..<n { x[i] = Float(slope(Double(x[i]))) }
    }
  }
}
/// Inside the type `tanh` is a shape.
private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
