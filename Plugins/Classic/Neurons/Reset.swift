public import Spiking

/// What a spike does to the membrane.
public enum Reset: String, Choice {
  /// v ← 0
  case zero
  /// v ← v − θ, so that what was above the threshold is not lost.
  case subtract
  /// v ← v − θ one step later, after the leak: what a network with a delayed feedback line does.
  case delayed
}
