public import Compute
public import Spiking

/// `drive constant`: the same current at every step.
public struct ConstantCurrent: Drive {
  public var current = 1.0
  public init() {}
  public static let manual = Manual(
    "constant", "The same current at every step.", equation: "i(t) = current",
    examples: ["neuron lif | drive current=1.2 for=200ms"])
  public static let settings: [Setting<Self>] = [Setting("current", \.current, "The current.")]
  public func current(at step: Int, dt: Time, random: RandomStream) -> Double { current }
}

/// `drive step`: a background current, and another one for a while, once or several times.
public struct StepCurrent: Drive {
  public var current = 1.5, before = 0.0, from = [Time.ms(20)], until: [Time] = []
  public init() {}
  public static let currentNames = ["current", "before"]
  public static let manual = Manual(
    "step", "A current that is switched on and off, over a background.",
    equation: "i(t) = current for from ≤ t < until, else before",
    details: "Lists make several pulses: from=[20ms 60ms] until=[25ms 65ms]. Without until= it stays on.",
    examples: [
      "neuron lif | drive step current=1.5 from=20ms until=80ms | plot membrane",
      "neuron lif | drive step before=0.9 current=2 from=[20ms 60ms] until=[30ms 70ms] | plot membrane",
    ])
  public static let settings: [Setting<Self>] = [
    Setting("current", \.current, "The current while it is on."),
    Setting("before", \.before, "The current before, between and after."),
    Setting("from", \.from, "When it is switched on, one time for each pulse.", in: 0...1e9),
    Setting("until", \.until, "When it is switched off; left open, never.", in: 0...1e9),
  ]
  public func validate() throws(SettingProblem) {
    guard !until.isEmpty else {
      if from.count > 1 { throw SettingProblem("from", .refused("each of several pulses needs its end in until=")) }
      return
    }
    guard from.count == until.count else {
      throw SettingProblem(
        "until", .refused("there must be as many ends as beginnings, \(from.count), not \(until.count)"))
    }
    for (start, end) in zip(from, until) where end <= start {
      throw SettingProblem(
        "until",
        .refused("\(end.argument.written) is not after from=\(start.argument.written), when the current is switched on")
      )
    }
  }
  public func current(at step: Int, dt: Time, random: RandomStream) -> Double {
    // A time that is a whole number of steps must not fall between two of them.
    let t = (Double(step) + 1e-9) * dt
    let isOn = from.indices.contains { t >= from[$0] && (until.isEmpty || t < until[$0]) }
    return isOn ? current : before
  }
}

/// `drive ramp`: a current that changes evenly.
public struct RampCurrent: Drive {
  public var from = 0.0, end = 2.0, after = Time.zero, over = Time.ms(100)
  public init() {}
  public static let currentNames = ["from", "end"]
  public static let manual = Manual(
    "ramp", "A current that changes evenly and then stays.",
    equation: "i(t) = from + (end − from)·min(1, max(0, t − after)/over)",
    examples: ["neuron lif | drive ramp end=3 over=200ms for=200ms | plot membrane"])
  public static let settings: [Setting<Self>] = [
    Setting("from", \.from, "Current at the start."), Setting("end", \.end, "Current at the end."),
    Setting("after", \.after, "When the change begins.", in: 0...1e9),
    Setting("over", \.over, "How long the change takes.", in: 1e-9...1e9),
  ]
  public func current(at step: Int, dt: Time, random: RandomStream) -> Double {
    let begun = max(0, Double(step) * (dt / over) - after / over)
    return from + (end - from) * min(1, begun)
  }
}

/// `drive sine`: a current that swings.
public struct SineCurrent: Drive {
  public var current = 1.0, amplitude = 0.5, frequency = Quantity(10, .frequency)
  public init() {}
  public static let currentNames = ["current", "amplitude"]
  public static let manual = Manual(
    "sine", "A current that swings around a mean.", equation: "i(t) = current + amplitude·sin(2π·frequency·t)",
    examples: ["neuron lif | drive sine current=1 amplitude=0.5 frequency=10Hz for=300ms | plot membrane"])
  public static let settings: [Setting<Self>] = [
    Setting("current", \.current, "Mean."), Setting("amplitude", \.amplitude, "How far it swings to either side."),
    Setting("frequency", \.frequency, "Swings per second.", form: .number(.frequency), in: 0...1e6),
  ]
  public func current(at step: Int, dt: Time, random: RandomStream) -> Double {
    current + amplitude * sine(2 * .pi * frequency.value * Double(step) * dt.seconds)
  }
}

/// `drive noise`: a mean with Gaussian noise, slow or white.
public struct NoiseCurrent: Drive {
  public var current = 1.0, sd = 0.5, tau = Time.zero, band: Quantity?
  public init() {}
  public static let currentNames = ["current", "sd"]
  public static let manual = Manual(
    "noise", "A mean with Gaussian noise around it.",
    equation:
      "i(t) = current + sd·ξ(t); with tau the noise is an Ornstein–Uhlenbeck process of that time constant\nwith band: ξ(t) = √(2/64)·Σ cos(2π·fₖ·t + φₖ), one fₖ in each 64th of 0 … band",
    examples: [
      "neuron lif | drive noise current=0.9 sd=1 for=500ms | plot membrane",
      "neuron lif | drive noise current=1.2 sd=0.5 band=20Hz for=500ms | plot membrane",
    ])
  public static let settings: [Setting<Self>] = [
    Setting("current", \.current, "Mean."), Setting("sd", \.sd, "Standard deviation in each step.", in: 0...1e9),
    Setting("tau", \.tau, "Time over which the noise forgets; 0 draws every step anew.", in: 0...1e9),
    Setting(
      "band", \.band, "Highest frequency of the noise; left open, there is none.", form: .number(.frequency),
      in: 1e-9...1e6),
  ]
  public func validate() throws(SettingProblem) {
    if band != nil, tau > .zero { throw SettingProblem("band", .refused("it cannot go with tau")) }
  }
  public func current(at step: Int, dt: Time, random: RandomStream) -> Double {
    currents(steps: step + 1, dt: dt, random: random)[step]
  }
  public func currents(steps: Int, dt: Time, random: RandomStream) -> [Double] {
    if let band { return banded(steps, dt, band.value, random) }
    let keep = tau > .zero ? decay(dt / tau) : 0, fresh = (1 - keep * keep).squareRoot()
    var noise = Double(random.normal(0))
    return (0..<steps).map { step in
      if step > 0 { noise = keep * noise + fresh * Double(random.normal(step)) }
      return current + sd * noise
    }
  }
}

extension NoiseCurrent {
  /// Cosines of random phase, their frequencies spread evenly below the band: nearly normal, and never repeating.
  private func banded(_ steps: Int, _ dt: Time, _ band: Double, _ random: RandomStream) -> [Double] {
    let waves = 64, height = sd * (2 / Double(waves)).squareRoot()
    let parts = (0..<waves).map { k in
      (
        speed: 2 * .pi * band * (Double(k) + random.uniformDouble(2 * k)) / Double(waves) * dt.seconds,
        phase: 2 * .pi * random.uniformDouble(2 * k + 1)
      )
    }
    return (0..<steps).map { step in
      current + height * parts.reduce(0) { $0 + cosine($1.speed * Double(step) + $1.phase) }
    }
  }
}

/// `drive spikes`: pulses at given or random times, each decaying with a time constant.
public struct SpikeCurrent: Drive {
  public var times: [Time] = [], rate = Quantity(50, .frequency), weight = 5.0, tau = Time.ms(5)
  public init() {}
  public static let currentNames = ["weight"]
  public static let manual = Manual(
    "spikes", "Synaptic current of a spike train: a jump at each spike that decays.",
    equation: "di/dt = −i/τ + weight·Σ δ(t − tᵢ)",
    details: "Without times= the train is a Poisson process of the given rate.",
    examples: [
      "neuron lif | drive spikes times=[10ms 20ms 25ms 30ms] weight=3 | plot membrane",
      "neuron lif | drive spikes rate=100Hz for=500ms | plot membrane",
    ])
  public static let settings: [Setting<Self>] = [
    Setting("times", \.times, "When the spikes arrive.", in: 0...1e9),
    Setting("rate", \.rate, "Mean rate of a random train.", form: .number(.frequency), in: 0...1e6),
    Setting("weight", \.weight, "Height of the jump."),
    Setting("tau", \.tau, "Time constant of the decay.", in: 1e-9...1e9),
  ]
  public func current(at step: Int, dt: Time, random: RandomStream) -> Double {
    currents(steps: step + 1, dt: dt, random: random)[step]
  }
  public func currents(steps: Int, dt: Time, random: RandomStream) -> [Double] {
    var arrivals = [Double](repeating: 0, count: steps)
    for time in times {
      let step = Int((time / dt + 1e-9).rounded(.down))
      if step < steps { arrivals[step] += 1 }
    }
    if times.isEmpty {
      let chance = Float(min(1, rate.value * dt.seconds))
      for step in 0..<steps where random.uniform(step) < chance { arrivals[step] = 1 }
    }
    let keep = decay(dt / tau)
    var current = 0.0
    return arrivals.map { spikes in
      current = keep * current + weight * spikes
      return current
    }
  }
}
