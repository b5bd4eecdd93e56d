import Foundation

/// Values of an independent implementation in double precision; `Golden/`.
enum Golden {
  static func read<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).json")
    return try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }
  struct Matrices: Decodable {
    struct Case: Decodable {
      var q: Int, theta: Double, A: [[Double]], B: [Double], Ad_zoh: [[Double]], Bd_zoh: [Double]
      var Ad_euler: [[Double]], Bd_euler: [Double]
    }
    var cases: [Case]
  }
  struct Digest: Decodable {
    var q: Int, theta: Double, rows: [Int], cols: [Int], Ad_zoh: [[Double]], Bd_zoh: [Double]
    var trace: Double, frobenius: Double, sum: Double, abs_sum_Bd: Double
  }
  struct Impulse: Decodable {
    var q: Int, theta: Double, impulse: [[Double]], legendre_r: [Double], legendre: [[Double]], u: [Double]
    var m: [[Double]], window: [[Double]]
  }
  struct Traces: Decodable {
    struct Case: Decodable {
      var name: String, omega: Double, v0: Double, margin: Double, a: [Double], n: [Double], y: [Double], v: [Double]
    }
    var cases: [Case]
  }
  struct Schedule: Decodable {
    struct Case: Decodable { var omega0: Double, omega1: Double, total: Int, steps: [Int], omega: [Double] }
    var cases: [Case]
  }
  struct Statistics: Decodable {
    struct Case: Decodable {
      var n: [Int], levels: Int, bits: Double, sig: Double, pop: Double, entropy: Double, density: Double, adds: Double
    }
    var cases: [Case]
  }
  struct Noise: Decodable {
    struct Band: Decodable { var lo: Double, hi: Double, density_dB: Double, theory_dB: Double }
    var omega: Double, v0: Double, T: Int, a_first: [Double], spikes: String, v_last: Double, mean_a: Double
    var mean_y: Double, error_variance: Double, welch_segment: Int, bands: [Band]
  }
}
func largest(_ a: [Double], _ b: [Double]) -> Double {
  a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
}
