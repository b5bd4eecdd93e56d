internal import Compute

/// Rivals must come γ steps after the label; how much they fail by is the error, from 0 to 1.
///
/// Times are graded by potentials, with middle m between firing and not and V* at the crossing:
///
///     u = t - a (V* - m)                  of an output that fired
///     u = t_max + k (m - V(t_max - 3))    of a silent one
///     q_c = clamp((γ - (u_c - u_label)) / γ, 0, 1),   s = Σ q_c
///
/// A label that is first is left alone: rewarding it for being earlier still would make the network rush.
struct MarginRule {
  var gamma: Double, wake: Double, tieSlope: Double, silenceSlope: Double

  init(_ recipe: Recipe) {
    (gamma, wake) = (recipe.gamma, recipe.wake)
    (tieSlope, silenceSlope) = (recipe.tieSlope, recipe.silenceSlope)
  }
  /// The time of an output with its potential as a fraction.
  func gradedTime(_ view: OutputView, _ c: Int) -> Double {
    let t = view.times[c]
    return t < view.window
      ? Double(t) - tieSlope * (view.crossing[c] - view.middle)
      : Double(view.window) + silenceSlope * (view.middle - view.probe[c])
  }
  /// Writes dL/dV and returns the loss: s, plus the pull on a silent label; 0 where nothing is to be learnt.
  func errors(_ view: OutputView, label: Int, into delta: AlignedBuffer<Float>) -> Double {
    let own = gradedTime(view, label)
    var sum = 0.0
    for c in view.times.indices {
      let q = c == label ? 0 : max(0, min(1, (gamma - (gradedTime(view, c) - own)) / gamma))
      delta[c] = Float(q)
      sum += q
    }
    let isSilent = view.times[label] >= view.window
    if isSilent, sum < wake {
      delta[label] = Float(-wake)
      return sum + wake
    }
    guard sum > 0 else { return 0 }
    if sum > 1 { for c in view.times.indices { delta[c] = Float(Double(delta[c]) / sum) } }
    let isFirst = !isSilent && view.times[label] == view.first
    delta[label] = isFirst ? 0 : Float(-min(1, sum))
    return sum
  }
}

/// The rule of the articles' programs: targets relative to the first output at τ.
///
///     T_label = τ,   T_j = min(τ + γ, t_max) where t_j - τ < γ, else t_j;   e_j = (T_j - t_j) / t_max
///
/// If none fired, nothing is learnt (BS4NN) or the label is pulled to t_max - γ (S4NN). dL/dV = e, up to a factor
/// that normalising removes.
struct PublishedRule {
  var gamma: Int, silent: SilentRule

  func target(_ view: OutputView, _ c: Int, label: Int) -> Int {
    if view.isSilent { return c == label && silent == .pull ? view.window - gamma : view.window }
    if c == label { return view.first }
    return view.times[c] - view.first < gamma ? min(view.first + gamma, view.window) : view.times[c]
  }
  /// Writes the errors and returns the loss ½ Σ e².
  func errors(_ view: OutputView, label: Int, into delta: AlignedBuffer<Float>) -> Double {
    var loss = 0.0
    for c in view.times.indices {
      let error = Double(target(view, c, label: label) - view.times[c]) / Double(view.window)
      delta[c] = Float(error)
      loss += error * error / 2
    }
    return loss
  }
}
