internal import Compute
public import Spiking

/// A neuron without memory that spikes at random, at a rate that follows its input: λ = gain·max(0, i).
///
/// λ in spikes per second, i without unit. A step holds a spike with probability 1 − e^(−λ·dt), and none within the
/// refractory time. Intervals are exponential (their standard deviation is their mean) without a refractory time; with
/// one, t, the mean rate is λ/(1 + λ·t).
///
/// - Reference: W. Gerstner et al., Neuronal Dynamics, 2014, §7.2, doi:10.1017/CBO9781107447615.
public struct PoissonNeuron: Neuron, Declared {
  public var gain = Quantity(50, .frequency)
  public var refractory = Time.zero
  public init() {}

  public static let manual = Manual(
    "poisson", "Spikes at random, at a rate that follows its input.",
    equation: "λ = gain·max(0, i)\nP(spike within dt) = 1 − e^(−λ·dt)",
    reference: "W. Gerstner et al., Neuronal Dynamics, 2014, §7.2, doi:10.1017/CBO9781107447615",
    examples: ["neuron poisson | drive current=1 for=1s | measure", "neuron poisson | drive for=20s | plot isi"])
  public static let settings: [Setting<Self>] = [
    Setting("gain", \.gain, "Rate for an input of 1.", form: .number(.frequency), in: 0...1e6),
    Setting("refractory", \.refractory, "Silence after a spike.", in: 0...1e6),
  ]
  public var variables: [Variable] { [Variable("rate", unit: "Hz"), Variable("waiting", unit: "steps")] }
  public var firingThreshold: Double? { nil }

  public func rest(_ block: PopulationBlock) {
    for k in 0..<2 { for i in 0..<block.count { block.state[k * block.stateStride + i] = 0 } }
  }
  public func advance(_ block: PopulationBlock) {
    let gain = Float(gain.value), dt = Float(block.dt.seconds), pause = Float((refractory / block.dt).rounded())
    for i in 0..<block.count {
      let random = block.place.stream(of: i)
      var waiting = block.state[block.stateStride + i]
      for t in 0..<block.steps {
        let rate = gain * max(0, block.current[t * block.currentStride + i])
        if let record = block.record {
          record[t * 2 * block.recordStride + i] = rate
          record[(t * 2 + 1) * block.recordStride + i] = waiting
        }
        let spikes =
          waiting <= 0 && random.uniform(block.place.counter(of: i, step: t)) < 1 - Float.exponential(-rate * dt)
        waiting = spikes ? pause : max(0, waiting - 1)
        block.output[t * block.outputStride + i] = spikes ? 1 : 0
        block.state[i] = rate
      }
      block.state[block.stateStride + i] = waiting
    }
  }
}
