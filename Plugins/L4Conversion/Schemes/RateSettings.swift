internal import Classic
internal import Compute
public import Spiking

/// What every conversion to rates can be told, whatever its scheme.
public struct RateSettings: Sendable {
  public enum Reset: String, Choice {
    case soft, hard, modulo, burst
    public static var synonyms: [String: Reset] { ResetWords.synonyms(of: Self.self) }
    var neuron: IntegrateAndFire.Reset {
      switch self {
      case .soft: .subtract
      case .hard: .zero
      case .modulo: .modulo
      case .burst: .burst
      }
    }
  }
  /// Whether scales go into the weights, thresholds being 1, or into thresholds.
  public enum Form: String, Choice { case weights, threshold }
  /// Whether average pools hand on graded spikes, or have neurons of their own that fire once a mean of 1 has arrived.
  public enum Pooling: String, Choice { case linear, spiking }

  public var encoder = RateCode.Kind.bernoulli
  /// ρ per step, or a frequency.
  public var rate = Quantity(1)
  public var steps = 100, reset = Reset.soft, form = Form.weights, pooling = Pooling.linear, v0 = 0.0, delay = 0
  public var readout = ReadOut.Readout.count, ties = ReadOut.Ties.potential, exit = 0.0
  public var calibration = 2000
  public init() {}

  /// ρ = f·Δt.
  ///
  /// - Throws: a rate that is not between 0 and 1 per step, or not a rate.
  public func peak(dt: Time) throws(ConversionProblem) -> Double {
    switch rate.dimension {
    case .none:
      guard rate.value > 0, rate.value <= 1 else {
        throw ConversionProblem(
          "convert.rate-above-one", "a peak rate of \(rate.written()) spikes per step is not above 0 and at most 1",
          remedy: "choose one between 0 and 1, as in rate=0.2, or a frequency, as in rate=200Hz")
      }
      return rate.value
    case .frequency:
      let peak = rate.value * dt.seconds
      guard peak > 0, peak <= 1 + 1e-12 else {
        throw ConversionProblem(
          "convert.rate-above-one",
          "a peak rate of \(Quantity.decimal(rate.value)) Hz with steps of \(Quantity.decimal(dt.seconds)) s means \(Quantity.decimal(peak)) spikes per step, and one is the most",
          remedy: "lower the rate, or shorten the step with set dt")
      }
      return min(1, peak)
    default:
      throw ConversionProblem(
        "convert.rate", "a rate is a share of the steps or a frequency, not \(rate.dimension.noun)",
        remedy: "write rate=0.2 or rate=200Hz")
    }
  }
  /// The code of the converted network.
  func encoder(peak: Double) -> any RateEncoder {
    var encoder: any RateEncoder =
      switch encoder {
      case .bernoulli: Bernoulli()
      case .poisson: Poisson()
      case .regular: Regular()
      case .analog: Analog()
      }
    (encoder.steps, encoder.rate) = (steps, peak)
    return encoder
  }
}

extension Setting where Root: RateScheme {
  /// The settings of `RateSettings`.
  static var common: [Setting<Root>] {
    [
      Setting("encoder", \Root.common.encoder, "How inputs become spikes."),
      Setting("rate", \Root.common.rate, "Peak rate: spikes per step of a value of 1, or a frequency."),
      Setting("steps", \Root.common.steps, "Length of a run.", in: 1...1e6),
      Setting(
        "reset", \Root.common.reset, "What a spike does to the membrane: soft subtracts the threshold, hard goes to 0."),
      Setting("form", \Root.common.form, "Whether scales change weights or thresholds."),
      Setting(
        "pooling", \Root.common.pooling,
        "Whether average pools are part of the next weights, or have neurons of their own, which takes time."),
      Setting("v0", \Root.common.v0, "Membrane before the first step, as a share of the threshold.", in: -1e6...1e6),
      Setting("delay", \Root.common.delay, "Steps that a spike takes to the next layer.", in: 0...1e5),
      Setting("readout", \Root.common.readout, "Whether output spikes or output charge are counted."),
      Setting("ties", \Root.common.ties, "Who wins on equal counts: the higher membrane, or the first class."),
      Setting("exit", \Root.common.exit, "Lead at which a sample ends early; 0 for never.", in: 0...1e6),
      Setting("calibration", \Root.common.calibration, "Training samples to calibrate with.", in: 0...1e7),
    ]
  }
}
