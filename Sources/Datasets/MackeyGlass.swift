public import Compute

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The series of Mackey and Glass, a chaotic one for delays from 17 on:
///
///     dx/dt = 0.2·x(t − τ)/(1 + x(t − τ)¹⁰) − 0.1·x,    sent is tanh(x − 1)
///
/// One value per unit of time, by ten steps of Euler's rule.
///
/// - Reference: M. C. Mackey, L. Glass, Science 197, 1977, doi:10.1126/science.267326; as a task A. R. Voelker et al.,
///   NeurIPS 2019.
public enum MackeyGlass {
  static let substeps = 10

  /// `count` values behind a history, one value for each of the 10·τ substeps before the first; the series begins at 1.2.
  public static func values(_ count: Int, delay: Int = 17, history: [Double]) -> [Double] {
    var past = history, at = 0, x = 1.2
    return (0..<count).map { _ in
      for _ in 0..<substeps {
        let old = past[at]
        past[at] = x
        x += (0.2 * old / (1 + power(old)) - 0.1 * x) / Double(substeps)
        at = at + 1 == past.count ? 0 : at + 1
      }
      return x
    }
  }
  /// x¹⁰
  private static func power(_ x: Double) -> Double {
    let squared = x * x, fourth = squared * squared
    return fourth * fourth * squared
  }
  /// A series of the task: a random history around 1.2, the first hundred values dropped, squashed.
  public static func series(_ count: Int, delay: Int, random: RandomStream) -> [Double] {
    let history = (0..<delay * substeps).map { 1.2 + 0.2 * (random.uniformDouble($0) - 0.5) }
    return values(count + 100, delay: delay, history: history).dropFirst(100).map { tanh($0 - 1) }
  }
}
