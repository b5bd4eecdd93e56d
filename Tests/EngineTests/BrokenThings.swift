import Compute
import Engine
import Spiking
import Synchronization

private let calls = Atomic<Int>(0)

/// A sum of its input with one fault at a time, for laws to find.
struct Faulty: DifferentiableNeuron, Declared {
  enum Fault: String, Choice {
    case none, apart, recorder, chunks, seeds, rest, silence, alphabet, infinite
    case gradient, gradientApart = "gradient-apart", gradientSum = "gradient-sum", saving
  }
  var fault = Fault.none, surrogate = Surrogate(.arctan)
  static let manual = Manual("faulty", "Adds up, with one fault.")
  static let settings: [Setting<Self>] = [Setting("fault", \.fault, "What is wrong.")]
  var variables: [Variable] { [Variable("v")] }
  var settingsText: String { fault == .saving ? "" : writtenSettings }

  func rest(_ block: PopulationBlock) {
    if fault != .rest { for i in 0..<block.count { block.state[i] = 0 } }
  }
  func advance(_ block: PopulationBlock) {
    let call = calls.add(1, ordering: .relaxed).newValue
    for i in 0..<block.count {
      var v = fault == .chunks ? 0 : block.state[i]
      for t in 0..<block.steps {
        v += block.current[t * block.currentStride + i]
        switch fault {
        case .apart: v += Float(block.count)
        case .recorder: v += block.record == nil ? 0 : 1
        case .seeds: v += Float(call)
        case .infinite: v = v > 1 ? .infinity : v
        default: break
        }
        block.record?[t * block.recordStride + i] = v
        var sent: Float = v >= 1 ? 1 : 0
        if fault == .silence, block.place.firstStep + t == 3 { sent = 1 }
        if fault == .alphabet, v > 2 { sent = 2 }
        if fault == .saving, v < -1 { sent = 1 }
        block.output[t * block.outputStride + i] = sent
        if v >= 1, fault != .infinite { v = 0 }
      }
      block.state[i] = v
    }
  }
  func pullback(_ block: PullbackBlock) {
    let f = block.forward, isSummed = block.currentGradientStride == 0
    for i in 0..<f.count {
      var sum: Float = 0
      for t in 0..<f.steps {
        var g = block.outputGradient[t * block.outputGradientStride + i]
        if fault == .gradient { g = .nan }
        if fault == .gradientApart { g *= Float(f.count) }
        sum += g
        if !isSummed { block.currentGradient[t * block.currentGradientStride + i] = g }
      }
      if isSummed { block.currentGradient[i] = fault == .gradientSum ? 0 : sum }
    }
  }
}

/// An integrator whose step back forgets the slope of its surrogate.
struct WrongSlope: SteppedNeuron, DifferentiableNeuron {
  var surrogate = Surrogate(.arctan)
  static let manual = Manual("wrong-slope", "Has a wrong gradient.")
  struct Rule: DifferentiableRule {
    struct State: BitwiseCopyable { var v: Float }
    static let variables = [Variable("v")]
    var rest: State { State(v: 0) }
    var zeroAdjoint: State { State(v: 0) }
    func integrate(_ s: State, _ current: Float) -> State { State(v: s.v + current) }
    func fire(_ s: inout State) -> Float { s.v >= 1 ? 1 : 0 }
    func distance(_ s: State) -> Float { s.v - 1 }
    func pullback(
      before: State, integrated: State, current: Float, slope: Float, output: Float, adjoint: inout State,
      gradients: inout NoGradients
    ) -> Float { output }
  }
  struct FineRule: DifferentiableRule {
    struct State: BitwiseCopyable { var v: Double }
    static let variables = [Variable("v")]
    var rest: State { State(v: 0) }
    var zeroAdjoint: State { State(v: 0) }
    func integrate(_ s: State, _ current: Double) -> State { State(v: s.v + current) }
    func fire(_ s: inout State) -> Double { s.v >= 1 ? 1 : 0 }
    func distance(_ s: State) -> Double { s.v - 1 }
    func pullback(
      before: State, integrated: State, current: Double, slope: Double, output: Double, adjoint: inout State,
      gradients: inout NoGradients
    ) -> Double { output }
  }
  func rule(dt: Time, parameters: UnsafePointer<Float>?) -> Rule { Rule() }
  func fineRule(dt: Time) -> FineRule { FineRule() }
}

/// A code with one fault at a time.
struct FaultyCode: TimeEncoder, DecodableEncoder, Declared {
  enum Fault: String, Choice { case none, seeds, batch, times, monotony, decoding, infinite }
  // Kinds of codes are checked as declared, so each fault has a kind of its own below.
  var fault: Fault
  init() { fault = .none }
  init(_ fault: Fault) { self.fault = fault }
  static let manual = Manual("faulty", "A code with a fault.")
  func code(for shape: Shape, dt: Time) throws(ShapeError) -> Code { Code(steps: 8, features: shape) }
  func time(_ value: Float, _ code: Code) -> Int {
    let t = min(7, Int(8 * (1 - value)))
    return fault == .monotony ? 7 - t : t
  }
  func encode(
    _ sample: UnsafeBufferPointer<Float>, _ code: Code, into output: UnsafeMutablePointer<Float>, stride: Int,
    random: RandomStream
  ) {
    let call = calls.add(1, ordering: .relaxed).newValue
    for i in sample.indices {
      var t = time(sample[i], code)
      if fault == .seeds { t = call / 7 % 8 }
      if fault == .batch { t = stride > 100 ? t : 0 }
      if fault == .times { t = (t + 1) % 8 }
      output[t * stride + i] = fault == .infinite ? .infinity : 1
    }
  }
  func decoded(_ spikes: UnsafePointer<Float>, stride: Int, _ code: Code, into sample: UnsafeMutablePointer<Float>) {
    for i in 0..<code.features.count {
      let t = (0..<code.steps).first { spikes[$0 * stride + i] > 0 } ?? 7
      sample[i] = fault == .decoding ? 0 : 1 - (Float(t) + 0.5) / 8
    }
  }
}
