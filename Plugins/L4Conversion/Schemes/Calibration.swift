internal import Compute
internal import Spiking

/// What schemes measure on training samples.
struct Calibration: Sendable {
  let data: EncodedData, part: Part, indices: [Int], run: ConversionRun

  /// `wanted` samples of the part to learn from, evenly spread over it; nil where there are no data.
  ///
  /// - Throws: no samples where some are wanted.
  init?(_ run: ConversionRun, _ wanted: Int) {
    guard let data = run.data else { return nil }
    part = data.dataset.learningPart
    let count = data.count(part), chosen = min(count, wanted)
    guard chosen > 0 else { return nil }
    indices = (0..<chosen).map { $0 * count / chosen }
    (self.data, self.run) = (data, run)
  }
  static func none(_ scheme: String) -> ConversionProblem {
    ConversionProblem(
      "convert.calibration-empty", "'\(scheme)' needs calibration samples, and there are none",
      remedy: "raise calibration=, give data=, or use a scheme without data: model, or l4 mode=neuron")
  }

  /// Activations of one stage on all samples: [sample][units × places].
  func activations(_ stage: Int, of net: AnalogNetwork) throws(ConversionProblem) -> [Float] {
    let width = net.stages[stage].linear.output.count
    guard indices.count * width <= Self.mostValues else {
      throw ConversionProblem(
        "convert.calibration-size",
        "\(indices.count) samples of \(width) activations of '\(net.stages[stage].linear.name)' are more than \(Self.mostValues) values",
        remedy: "calibrate with fewer, as in calibration=\(max(1, Self.mostValues / width))")
    }
    var result: [Float] = []
    result.reserveCapacity(indices.count * width)
    try net.eachBatch(data, indices, part) { (tensors, _) throws(ConversionProblem) in
      try run.poll()
      tensors[stage].read { result.append(contentsOf: UnsafeBufferPointer(start: $0, count: tensors[stage].count)) }
    }
    return result
  }
  static let mostValues = 200_000_000

  /// Mean length ‖x‖₂ of a sample.
  func inputLength() throws(ConversionProblem) -> Double {
    guard let view = data.dataset[part] else { return 0 }
    var sum = 0.0
    for (place, index) in indices.enumerated() {
      if place & 0x3FF == 0 { try run.poll() }
      sum += view.sample(index).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    return sum / Double(max(1, indices.count))
  }
}
