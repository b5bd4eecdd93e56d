/// The published step over any floating-point type, written from the equations without regard to speed: the judge of the
/// kernels. Weights are [post][pre], times of all layers are kept.
struct Reference<Real: BinaryFloatingPoint> {
  var isBinary: Bool, window: Int, theta: [Real], alpha: [Real], gamma: Int, pulls: Bool
  var rates: [Real], alphaRates: [Real], decay: [Real], usesPrevious: Bool
  var weights: [[[Real]]]

  struct Step {
    var times: [[Int]] = [], end: [[Real]] = [], cross: [[Real?]] = [], probe: [Real] = []
    var target: [Int] = [], raw: [[Real]] = [], norm: [Real] = [], delta: [[Real]] = []
    var gradient: [[[Real]]] = [], alphaGradient: [Real] = [], flips = 0
    var isSilent = false, strict = 0, isTiedCorrect = false
  }
  /// As one bit has it; in the program of the article sign(0) is 0.
  var zeroIsPositive = false
  func sign(_ x: Real) -> Real { x > 0 ? 1 : x < 0 ? -1 : zeroIsPositive ? 1 : 0 }
  func seen(_ w: Real) -> Real { isBinary ? sign(w) : w }
  func limit(_ l: Int) -> Real { isBinary ? theta[l] / alpha[l] : theta[l] }

  func forward(_ input: [Int], into step: inout Step) {
    step.times = [input]
    for (l, rows) in weights.enumerated() {
      let before = step.times[l]
      var times: [Int] = [], end: [Real] = [], cross: [Real?] = [], probe: [Real] = []
      for row in rows {
        var v: Real = 0, time = window, crossed: Real?
        for k in 0..<window {
          for i in row.indices where before[i] == k { v += seen(row[i]) }
          if crossed == nil, v > limit(l) { (crossed, time) = (v, min(k + 1, window)) }
          if k == window - 3 { probe.append(v) }
        }
        times.append(time)
        end.append(v)
        cross.append(crossed)
      }
      step.times.append(times)
      step.end.append(end)
      step.cross.append(cross)
      step.probe = probe
    }
  }
  func judge(_ label: Int, _ step: inout Step) {
    let t = step.times[weights.count], first = t.min() ?? window
    step.isSilent = first == window
    let best = step.probe.max() ?? 0
    step.strict = (step.isSilent ? step.probe.firstIndex(of: best) : t.firstIndex(of: first)) ?? 0
    step.isTiedCorrect = step.isSilent ? step.strict == label : t[label] == first
    step.target = t.indices.map { j in
      if step.isSilent { return pulls && j == label ? window - gamma : window }
      if j == label { return first }
      return t[j] - first < gamma ? min(first + gamma, window) : t[j]
    }
  }
  mutating func learn(_ input: [Int], label: Int) -> Step {
    var step = Step()
    forward(input, into: &step)
    judge(label, &step)
    let layers = weights.count
    step.raw = Array(repeating: [], count: layers)
    (step.delta, step.norm, step.alphaGradient) = (
      step.raw, Array(repeating: 0, count: layers), Array(repeating: 0, count: layers)
    )
    step.gradient = Array(repeating: [], count: layers)
    var raw = zip(step.target, step.times[layers]).map { Real($0 - $1) / Real(window) / Real(window) }
    for l in (0..<layers).reversed() {
      // The first division by the window is the error, the second the derivative; golden files keep the error only.
      step.raw[l] = l == layers - 1 ? raw.map { $0 * Real(window) } : raw
      let norm = step.raw[l].reduce(0) { $0 + $1 * $1 }.squareRoot()
      let delta = norm > 0 ? step.raw[l].map { $0 / norm } : step.raw[l]
      (step.norm[l], step.delta[l]) = (norm, delta)
      let pre = step.times[l], post = step.times[l + 1], old = weights[l]
      step.gradient[l] = old.indices.map { j in pre.indices.map { pre[$0] < post[j] ? delta[j] : 0 } }
      for j in old.indices {
        for i in pre.indices {
          var w = old[j][i] - rates[l] * step.gradient[l][j][i]
          w -= rates[l] * decay[l] * w
          weights[l][j][i] = w
          if sign(w) != sign(old[j][i]) { step.flips += 1 }
        }
      }
      let used = usesPrevious ? old : weights[l]
      var sum: Real = 0
      raw = pre.indices.map { i in
        old.indices.reduce(0) { $0 + step.gradient[l][$1][i] * used[$1][i] }
      }
      for j in old.indices { for i in pre.indices { sum += step.gradient[l][j][i] * sign(used[j][i]) } }
      step.alphaGradient[l] = sum / Real(old.count * pre.count)
      if isBinary { alpha[l] -= alphaRates[l] * step.alphaGradient[l] }
    }
    return step
  }
}
