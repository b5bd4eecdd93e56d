#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Power densities of signals.
enum Spectrum {
  /// The density over frequencies k/segment in cycles per step, k = 0 … segment/2: the mean of |FFT|² over halves that
  /// overlap, under Hann's window (Welch). Its sum over −½…½ is the mean power of the signal.
  ///
  /// - Parameter segment: a power of two, at most the length of the signal.
  static func density(of signal: [Double], segment: Int) -> [Double] {
    let window = (0..<segment).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(segment)) }
    let power = window.reduce(0) { $0 + $1 * $1 }
    var sums = [Double](repeating: 0, count: segment / 2 + 1), pieces = 0
    for first in stride(from: 0, through: signal.count - segment, by: segment / 2) {
      let wave = transform((0..<segment).map { signal[first + $0] * window[$0] })
      for k in sums.indices { sums[k] += wave.real[k] * wave.real[k] + wave.imaginary[k] * wave.imaginary[k] }
      pieces += 1
    }
    return sums.map { $0 / power / Double(max(1, pieces)) }
  }
  /// The density of the error of a diffusing quantiser whose own error is uniform: sin²(πf)/(3ω²).
  static func shaped(_ frequency: Double, omega: Double) -> Double {
    let s = sin(.pi * frequency)
    return s * s / (3 * omega * omega)
  }
  static func decibels(_ power: Double) -> Double { 10 * log10(max(power, 1e-30)) }

  /// The discrete Fourier transform of a power of two of real numbers (Cooley and Tukey).
  static func transform(_ signal: [Double]) -> (real: [Double], imaginary: [Double]) {
    let n = signal.count, bits = n.trailingZeroBitCount
    var real = signal, imaginary = [Double](repeating: 0, count: n)
    for i in 0..<n {
      let j = (0..<bits).reduce(0) { $0 << 1 | (i >> $1) & 1 }
      if i < j { real.swapAt(i, j) }
    }
    var half = 1
    while half < n {
      for k in 0..<half {
        let angle = -.pi * Double(k) / Double(half), c = cos(angle), s = sin(angle)
        for i in stride(from: k, to: n, by: 2 * half) {
          let j = i + half, x = c * real[j] - s * imaginary[j], y = s * real[j] + c * imaginary[j]
          (real[j], imaginary[j]) = (real[i] - x, imaginary[i] - y)
          (real[i], imaginary[i]) = (real[i] + x, imaginary[i] + y)
        }
      }
      half *= 2
    }
    return (real, imaginary)
  }
}
