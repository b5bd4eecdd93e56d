/// What operations cost, so that networks of different kinds can be compared: E = n_mul·e_mul + n_add·e_add + n_cmp·e_cmp.
///
/// Energies are in joules; memory traffic is in none of them.
public struct EnergyModel: Sendable, Equatable {
  /// A multiplication with its addition, an addition, and the comparison that decides on a spike.
  public var multiplication: Double, addition: Double, comparison: Double
  public init(multiplication: Double, addition: Double, comparison: Double) {
    (self.multiplication, self.addition, self.comparison) = (multiplication, addition, comparison)
  }

  /// 32-bit floats in 45 nm: 4.6, 0.9 and 0.9 pJ.
  ///
  /// - Reference: M. Horowitz, ISSCC 2014, doi:10.1109/ISSCC.2014.6757323.
  public static let cmos45 = EnergyModel(multiplication: 4.6e-12, addition: 0.9e-12, comparison: 0.9e-12)
  /// 12.5 pJ a multiplication, 77 fJ a synaptic event, 3.7 pJ a comparison: what gives the table of the ternary spike.
  ///
  /// - Reference: Y. Guo et al., AAAI 2024, arXiv:2312.06372, table 5.
  public static let neuromorphic = EnergyModel(multiplication: 12.5e-12, addition: 77e-15, comparison: 3.7e-12)

  public func energy(multiplications: Double, additions: Double, comparisons: Double) -> Double {
    multiplications * multiplication + additions * addition + comparisons * comparison
  }
}
extension Network {
  /// Whether a signal is made of spikes, or of sums of spikes, so that a product with it is a choice of additions.
  public func isSpiking(signal: Int, input: Alphabet) -> Bool {
    guard signal > 0 else { return input != .graded }
    let node = nodes[signal - 1]
    switch node.layer.role {
    case .neurons(let neuron): return neuron.alphabet != .graded
    case .passive: return isSpiking(signal: node.source, input: input)
    case .linear, .rectifier, .normalisation, .sum: return false
    case .opaque: return node.sendsSpikes
    }
  }
}
