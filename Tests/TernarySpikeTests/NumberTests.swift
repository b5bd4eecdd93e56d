import Foundation
import Spiking
import Testing

@testable import TernarySpike

/// Entropies, capacities, energies, and the table of normal membranes.
@Suite struct NumberTests {
  struct Numbers: Decodable {
    struct Row: Decodable {
      var rate: Double, binary_bits: Double, ternary_even_bits: Double, ternary_80_20_bits: Double
    }
    struct Capacity: Decodable { var binary_bits: Double, ternary_bits: Double, gain: Double }
    struct Energy: Decodable { var flops: Double, sops: Double, signs: Double, uJ: Double, paper_uJ: Double }
    var entropy: [Row], capacity: Capacity, energy: [Energy]
  }
  @Test func entropies() throws {
    let golden = try Golden.read(Numbers.self, "numbers")
    for row in golden.entropy {
      #expect(abs(Entropy.binary(rate: row.rate) - row.binary_bits) < 1e-9)
      #expect(abs(Entropy.ternary(rate: row.rate) - row.ternary_even_bits) < 1e-9)
      #expect(abs(Entropy.ternary(rate: row.rate, positive: 0.8) - row.ternary_80_20_bits) < 1e-9)
      #expect(abs(Entropy.ternary(rate: row.rate) - Entropy.binary(rate: row.rate) - row.rate) < 1e-12)
    }
    #expect(abs(Entropy.capacity(symbols: 2) - golden.capacity.binary_bits) < 1e-9)
    #expect(abs(Entropy.capacity(symbols: 3) - golden.capacity.ternary_bits) < 1e-9)
  }
  @Test func energies() throws {
    for row in try Golden.read(Numbers.self, "numbers").energy {
      let energy = EnergyModel.neuromorphic.energy(
        multiplications: row.flops, additions: row.sops, comparisons: row.signs)
      #expect(abs(energy * 1e6 - row.uJ) < 1e-4 && abs(energy * 1e6 - row.paper_uJ) < 5e-3)
    }
  }
  /// The table of section 1.2 of the method, digit by digit.
  @Test(arguments: [
    [0.25, 0.0228, 0.157, 0.0455, 0.313, 0.593, 0.932, 0.864, 0.744],
    [0.50, 0.1587, 0.631, 0.3173, 1.219, 0.763, 0.667, 0.333, 0.262],
    [0.75, 0.2525, 0.815, 0.5050, 1.505, 0.949, 0.597, 0.194, 0.192],
    [1.00, 0.3085, 0.891, 0.6171, 1.577, 1.141, 0.604, 0.209, 0.197],
    [1.161, 0.3334, 0.918, 0.6667, 1.585, 1.266, 0.621, 0.242, 0.207],
    [1.50, 0.3694, 0.950, 0.7389, 1.567, 1.532, 0.661, 0.322, 0.229],
    [2.00, 0.4013, 0.972, 0.8026, 1.519, 1.927, 0.714, 0.427, 0.255],
  ]) func normalMembranes(_ row: [Double]) {
    let binary = GaussianMembrane(deviation: row[0], threshold: 0.5, isTernary: false)
    let ternary = GaussianMembrane(deviation: row[0], threshold: 0.5, isTernary: true)
    func agree(_ a: Double, _ b: Double, _ digits: Double) -> Bool { abs(a - b) <= 0.55 * pow(10, -digits) }
    #expect(agree(binary.rate, row[1], 4) && agree(binary.bits, row[2], 3))
    #expect(agree(ternary.rate, row[3], 4) && agree(ternary.bits, row[4], 3))
    #expect(agree(ternary.bestAmplitude, row[5], 3) && agree(binary.error(amplitude: 1), row[6], 3))
    #expect(agree(ternary.error(amplitude: 1), row[7], 3))
    #expect(agree(ternary.error(amplitude: ternary.bestAmplitude), row[8], 3))
  }
}
