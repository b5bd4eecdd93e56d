public import Compute

/// A block of neurons over the steps of one run. Plain addresses: made by the layer, valid for one call.
public struct PopulationBlock {
  public var steps: Int, count: Int, dt: Time
  /// Input current of step t, neuron i: current[t · currentStride + i]; the stride is 0 for a constant current.
  public var current: UnsafePointer<Float>, currentStride: Int
  /// What is sent: output[t · outputStride + i].
  public var output: UnsafeMutablePointer<Float>, outputStride: Int
  /// Variable k of neuron i: state[k · stateStride + i]; read at the start, written at the end.
  public var state: UnsafeMutablePointer<Float>, stateStride: Int
  /// Values of `parameters`, each at a multiple of `ParameterLayout.alignment`.
  public var parameters: UnsafePointer<Float>?
  /// Where to write every variable just before firing: record[(t · variables + k) · recordStride + i].
  public var record: UnsafeMutablePointer<Float>?, recordStride: Int
  /// Where the block stands among batch × features and in time, for random numbers.
  public var place: Place

  /// Tells a neuron of a block which random numbers are its own, whatever the batch and the order.
  public struct Place {
    /// Number of the first neuron of the block within batch × features, and neurons per sample.
    public var first: Int, features: Int
    /// Neurons of one channel, which may have learnt values of its own: all of a sample unless told otherwise.
    public var channelSize: Int
    /// Number of the first step, above 0 where a run is continued.
    public var firstStep: Int
    /// The samples of the batch in the data set; nil where they are only numbered.
    public var samples: UnsafePointer<Int>?
    public var random: RandomStream

    public init(
      first: Int = 0, features: Int = 1, firstStep: Int = 0, samples: UnsafePointer<Int>? = nil,
      random: RandomStream = RandomStream(seed: 0)
    ) {
      (self.first, self.features, self.firstStep) = (first, max(1, features), firstStep)
      channelSize = self.features
      (self.samples, self.random) = (samples, random)
    }
    /// The stream of the sample that neuron `i` of the block belongs to.
    public func stream(of i: Int) -> RandomStream {
      let sample = (first + i) / features
      return random.child(samples?[sample] ?? sample)
    }
    /// The counter of neuron `i` at step `t` within its sample's stream.
    public func counter(of i: Int, step t: Int) -> Int { (firstStep + t) * features + (first + i) % features }
  }

  /// Some of its neurons.
  public subscript(neurons: Range<Int>) -> PopulationBlock {
    var part = self
    (part.current, part.output) = (current + neurons.lowerBound, output + neurons.lowerBound)
    (part.state, part.record) = (state + neurons.lowerBound, record.map { $0 + neurons.lowerBound })
    (part.count, part.place.first) = (neurons.count, place.first + neurons.lowerBound)
    return part
  }
  /// Calls `body` for the neurons of each channel in turn.
  public func forEachChannel(_ body: (_ neurons: Range<Int>, _ channel: Int) -> Void) {
    var first = 0
    while first < count {
      let position = (place.first + first) % place.features
      let end = min(count, first + place.channelSize - position % place.channelSize)
      body(first..<end, position / place.channelSize)
      first = end
    }
  }

  public init(
    steps: Int, count: Int, dt: Time, current: UnsafePointer<Float>, currentStride: Int,
    output: UnsafeMutablePointer<Float>, outputStride: Int, state: UnsafeMutablePointer<Float>, stateStride: Int,
    parameters: UnsafePointer<Float>? = nil, record: UnsafeMutablePointer<Float>? = nil, recordStride: Int = 0,
    place: Place = Place()
  ) {
    (self.steps, self.count, self.dt) = (steps, count, dt)
    (self.current, self.currentStride, self.output, self.outputStride) = (current, currentStride, output, outputStride)
    (self.state, self.stateStride, self.parameters) = (state, stateStride, parameters)
    (self.record, self.recordStride, self.place) = (record, recordStride, place)
  }
}

/// A block of neurons whose gradient is wanted.
public struct PullbackBlock {
  /// Current, parameters and start state; output and record are not used.
  public var forward: PopulationBlock
  /// ∂L/∂output of step t, neuron i: outputGradient[t · outputGradientStride + i].
  public var outputGradient: UnsafePointer<Float>, outputGradientStride: Int
  /// ∂L/∂current. Stride 0: the input was constant, its gradient is summed over the steps.
  public var currentGradient: UnsafeMutablePointer<Float>, currentGradientStride: Int
  /// One partial sum per learnt value for this block; the layer adds blocks up in order.
  public var parameterGradients: UnsafeMutablePointer<Float>?
  /// Scratch of `tapeCount` floats.
  public var tape: UnsafeMutablePointer<Float>
  /// Scratch of `scratchCount` floats. Apart from the tape, or nothing becomes vector code.
  public var scratch: UnsafeMutablePointer<Float>

  /// Neurons that a pullback works on at a time.
  public static let strip = 128
  public static func tapeCount(steps: Int, variables: Int, count: Int) -> Int { steps * variables * max(strip, count) }
  public static func scratchCount(variables: Int, learnt: Int) -> Int { (variables + learnt + 2) * strip }

  /// Some of its neurons.
  public subscript(neurons: Range<Int>) -> PullbackBlock {
    var part = self
    part.forward = forward[neurons]
    part.outputGradient = outputGradient + neurons.lowerBound
    part.currentGradient = currentGradient + neurons.lowerBound
    return part
  }

  public init(
    forward: PopulationBlock, outputGradient: UnsafePointer<Float>, outputGradientStride: Int,
    currentGradient: UnsafeMutablePointer<Float>, currentGradientStride: Int,
    parameterGradients: UnsafeMutablePointer<Float>?, tape: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    (self.forward, self.outputGradient, self.outputGradientStride) = (forward, outputGradient, outputGradientStride)
    (self.currentGradient, self.currentGradientStride) = (currentGradient, currentGradientStride)
    (self.parameterGradients, self.tape, self.scratch) = (parameterGradients, tape, scratch)
  }
}
