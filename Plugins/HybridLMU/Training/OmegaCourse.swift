public import Spiking

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// How ω moves from where numbers are nearly plain to where it is wanted.
public enum OmegaCourse: String, Choice {
  /// ω₁ from the first update on.
  case fixed
  /// ω₀·(ω₁/ω₀)^p
  case geometric
  /// ω₀ + (ω₁ − ω₀)·p
  case linear

  /// ω at a progress p between 0 and 1; beyond it stays.
  func omega(from start: Double, to end: Double, at progress: Double) -> Double {
    guard end.isFinite, self != .fixed, progress < 1 else { return end }
    let p = max(0, progress)
    return self == .linear ? start + (end - start) * p : start * pow(end / start, p)
  }
}

extension Network {
  /// The same network with other quanta; what is nil stays as each layer has it.
  func quantised(hidden: Double? = nil, memory: Double? = nil, rounding: Rounding? = nil) -> Network {
    requantised { layer in
      (hidden ?? layer.hidden, memory ?? layer.memory)
    } rounding: {
      rounding ?? $0
    }
  }
  /// The network with the quanta of a moment: those of every layer as far along as the course is.
  func annealed(_ course: OmegaCourse, from start: Double, at progress: Double) -> Network {
    requantised { layer in
      (
        course.omega(from: max(start, layer.hidden), to: layer.hidden, at: progress),
        course.omega(from: max(start, layer.memory), to: layer.memory, at: progress)
      )
    } rounding: {
      $0
    }
  }
  private func requantised(
    _ omegas: ((hidden: Double, memory: Double)) -> (Double, Double), rounding: (Rounding) -> Rounding
  ) -> Network {
    replacing { node in
      if var layer = node.layer as? LMU {
        (layer.omegaH, layer.omegaM) = omegas((layer.omegaH, layer.omegaM))
        layer.rounding = rounding(layer.rounding)
        return layer
      }
      guard var population = node.layer as? Population, var neuron = population.neuron as? DiffusionNeuron else {
        return node.layer
      }
      neuron.omega = omegas((neuron.omega, .infinity)).0
      neuron.rounding = rounding(neuron.rounding)
      population.neuron = neuron
      return population
    }
  }
  /// Whether anything in it can send quanta.
  var hasQuanta: Bool {
    nodes.contains { $0.layer is LMU || ($0.layer as? Population)?.neuron is DiffusionNeuron }
  }
}
