internal import HybridLMUKernels
public import Spiking

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What becomes of a current before it is rounded.
public enum Activation: String, Choice {
  case tanh, relu, linear

  var code: Int32 {
    switch self {
    case .tanh: Int32(LMU_TANH)
    case .relu: Int32(LMU_RELU)
    case .linear: Int32(LMU_LINEAR)
    }
  }
  func value(_ x: Double) -> Double {
    switch self {
    case .tanh: hyperbolicTangent(x)
    case .relu: max(0, x)
    case .linear: x
    }
  }
}
/// Inside the type `tanh` is a case.
private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
