internal import Compute
internal import L4ConversionKernels
internal import Spiking

/// The synapses in front of a population in whole numbers: a weight w is round(w·2ᵉ/θ), so the threshold is 2ᵉ.
///
/// e is the largest that leaves weights within 16 bits and the charge of one step within 2²⁹. Neurons of an image are
/// numbered place by place, channels innermost, so that a spike adds contiguous rows.
struct WholeSynapses: Sendable {
  let outputs: Int, exponent: Int
  let weights: AlignedBuffer<Int16>, pieces: AlignedBuffer<UInt32>, row: AlignedBuffer<UInt32>,
    place: AlignedBuffer<UInt32>, length: Int
  /// Bias of each output, in its own numbering.
  let bias: [Int32]
  /// Width of the blocks of a dense layer and their weights, block by block; 0 where weights are shared over places.
  let blockWidth: Int, blocks: AlignedBuffer<Int16>
  /// Additions that a spike of each source causes.
  let fanOut: [Int]
  /// The same weights for products over whole steps, where those are exact.
  let products: ProductForm?
  /// The same weights for windows over pairs of channels; nil where they are not shared over places.
  let windows: WindowForm?

  var raw: soma_l4_synapses {
    soma_l4_synapses(
      weights: weights.base, pieces: pieces.base, row: row.base, place: place.base, length: length)
  }
  var threshold: Int32 { 1 << Int32(exponent) }
  /// Charge in thresholds as a whole number.
  func whole(_ charge: Double) -> Int32 {
    let scaled = (charge * Double(threshold)).rounded()
    guard !scaled.isNaN else { return 0 }
    return Int32(min(536_870_912, max(-536_870_912, scaled)))
  }
}

/// Numbers of the neurons of a layer, inside and outside: inside channels are innermost.
struct Numbering: Sendable {
  let channels: Int, places: Int
  /// - Parameter shape: images count as [channels, height, width], anything else as one place.
  init(_ shape: Shape) {
    channels = shape.rank == 3 ? shape[0] : shape.count
    places = shape.rank == 3 ? shape.count / max(1, shape[0]) : 1
  }
  var count: Int { channels * places }
  func outside(_ inside: Int) -> Int { inside % channels * places + inside / channels }
  func inside(_ outside: Int) -> Int { outside % places * channels + outside / places }
}

extension WholeSynapses {
  /// Weights of a row in thresholds, before they become whole: [row][output or channel].
  private struct Rows {
    var values: [Float], length: Int
  }
  /// - Parameters:
  ///   - source: numbering of the neurons in front; pools lie between them and the linear layer.
  ///   - heights: of the spikes in front, one per linear input or channel.
  ///   - thresholds: of the neurons behind, one per output or channel.
  ///
  /// Nil where weights are too large for whole numbers.
  init?(
    _ node: Node, _ parameters: Parameters, source: Numbering, pools: [Node], heights: [Float], thresholds: [Float]
  ) {
    let numbering = Numbering(node.output)
    let area = pools.reduce(1) { $0 * (($1.layer as? Pool).map { $0.size * $0.size } ?? 1) }, share = 1 / Float(area)
    let map = Self.pooled(source, pools)
    var rows: Rows, index: [(rows: [UInt32], places: [UInt32])]
    let biases: [Float]
    func height(_ input: Int) -> Float {
      heights.isEmpty ? 1 : heights[input / max(1, node.input.count / heights.count)]
    }
    func threshold(_ output: Int, of count: Int) -> Float { thresholds[output / max(1, count / thresholds.count)] }
    if case .linear(let layer) = node.layer.role, let synapses = layer.synapses(of: node, in: parameters) {
      let n = synapses.outputs
      rows = Rows(values: [Float](repeating: 0, count: synapses.inputs * n), length: n)
      let inverse = (0..<n).map { share / threshold($0, of: n) }
      for i in 0..<synapses.inputs {
        let h = height(i)
        for j in 0..<n { rows.values[i * n + j] = synapses.weight(i, j) * h * inverse[j] }
      }
      index = map.map { targets in (targets.map { UInt32($0 * n) }, targets.map { _ in 0 }) }
      biases = (0..<n).map { (synapses.bias.isEmpty ? 0 : synapses.bias[$0]) / threshold($0, of: n) }
    } else if let convolution = node.layer as? Convolution {
      let window = convolution.window(node), channels = convolution.channels,
        taps = convolution.kernel * convolution.kernel
      let stored = parameters.values(of: parameters.layout.entries[node.slots.lowerBound])
      let inputChannels = window.channels, inputPlaces = node.input.count / inputChannels
      rows = Rows(values: [Float](repeating: 0, count: inputChannels * taps * channels), length: channels)
      for c in 0..<inputChannels {
        let h = height(c * inputPlaces)
        for tap in 0..<taps {
          for o in 0..<channels {
            rows.values[(c * taps + tap) * channels + o] =
              stored[(o * inputChannels + c) * taps + tap] * h * share / threshold(o, of: channels)
          }
        }
      }
      let perInput = (0..<node.input.count).map { Self.convolved($0, window, channels) }
      index = map.map { targets in
        (targets.flatMap { perInput[$0].rows }, targets.flatMap { perInput[$0].places })
      }
      let bias = convolution.bias ? parameters.values(of: parameters.layout.entries[node.slots.lowerBound + 1]) : []
      biases = (0..<numbering.count).map { inside in
        let channel = inside % channels
        return (bias.isEmpty ? 0 : bias[channel]) / threshold(channel, of: channels)
      }
    } else if let pool = node.layer as? Pool {
      let window = pool.window(node), places = node.input.count / window.channels, area = Float(pool.size * pool.size)
      rows = Rows(
        values: (0..<window.channels).map { c in
          share * height(c * places)
            / (area * threshold(c * node.output.count / window.channels, of: node.output.count))
        }, length: 1)
      index = Self.pooled(source, pools + [node]).map { targets in
        (
          targets.map { UInt32($0 / window.places) }, targets.map { UInt32(numbering.inside($0)) }
        )
      }
      biases = Array(repeating: 0, count: numbering.count)
    } else {
      return nil
    }
    guard biases.allSatisfy(\.isFinite) else { return nil }
    let isPool = node.layer is Pool, isShared = isPool || node.layer is Convolution
    guard
      let exponent = Self.exponent(
        rows.values, length: rows.length, biases, sources: isShared ? max(4, area) : map.map(\.count).max() ?? 1)
    else { return nil }
    self.exponent = exponent
    outputs = numbering.count
    length = rows.length
    let unit = Float(1 << exponent)
    // Of a pool rounded up: a tile full of spikes reaches the threshold.
    let rule: FloatingPointRoundingRule = isPool ? .up : .toNearestOrAwayFromZero
    weights = AlignedBuffer(rows.values.map { Int16(max(-32767, min(32767, ($0 * unit).rounded(rule)))) })
    bias = biases.map { Int32(max(-536_870_912, min(536_870_912, ($0 * unit).rounded()))) }
    var starts: [UInt32] = [0], allRows: [UInt32] = [], allPlaces: [UInt32] = []
    for (rows, places) in index {
      allRows += rows
      allPlaces += places
      starts.append(UInt32(allRows.count))
    }
    (pieces, row, place) = (AlignedBuffer(starts), AlignedBuffer(allRows), AlignedBuffer(allPlaces))
    let pieceLength = rows.length
    fanOut = index.map { $0.rows.count * pieceLength }
    products =
      isPool
      ? nil
      : ProductForm(weights, length: pieceLength, rows: allRows, places: allPlaces, outputs: outputs, most: area)
    // One row per source lets blocks of outputs stay in registers.
    let isPlain = !isShared && index.allSatisfy { $0.rows.count == 1 } && pools.isEmpty
    (blockWidth, blocks) =
      isPlain ? Self.blocked(weights, inputs: index.count, outputs: outputs) : (0, AlignedBuffer(zeros: 0))
    let convolution = node.layer as? Convolution
    windows = convolution.map { [weights] in WindowForm(weights, $0.window(node), $0.channels, sources: map) }
  }

  /// The inputs of the linear layer that each neuron in front reaches, by way of the pools; its own place without any.
  private static func pooled(_ source: Numbering, _ pools: [Node]) -> [[Int]] {
    var targets = (0..<source.count).map { [source.outside($0)] }
    for node in pools {
      guard let pool = node.layer as? Pool else { continue }
      let w = pool.window(node)
      var over = [[Int]](repeating: [], count: w.inputCount)
      for channel in 0..<w.channels {
        for oy in 0..<w.outputHeight {
          for ox in 0..<w.outputWidth {
            for ky in 0..<w.kernelHeight {
              for kx in 0..<w.kernelWidth {
                let y = oy * w.stride + ky, x = ox * w.stride + kx
                over[(channel * w.height + y) * w.width + x].append(channel * w.places + oy * w.outputWidth + ox)
              }
            }
          }
        }
      }
      targets = targets.map { $0.flatMap { over[$0] } }
    }
    return targets
  }
  /// Rows and places that one pixel of one channel reaches.
  private static func convolved(_ input: Int, _ w: Window, _ channels: Int) -> (rows: [UInt32], places: [UInt32]) {
    let area = w.height * w.width, c = input / area, y = input % area / w.width, x = input % w.width
    var rows: [UInt32] = [], places: [UInt32] = []
    for ky in 0..<w.kernelHeight {
      for kx in 0..<w.kernelWidth {
        let top = y + w.top - ky, left = x + w.left - kx
        guard top >= 0, left >= 0, top % w.stride == 0, left % w.stride == 0 else { continue }
        let oy = top / w.stride, ox = left / w.stride
        guard oy < w.outputHeight, ox < w.outputWidth else { continue }
        rows.append(UInt32(((c * w.kernelHeight + ky) * w.kernelWidth + kx) * channels))
        places.append(UInt32((oy * w.outputWidth + ox) * channels))
      }
    }
    return (rows, places)
  }

  /// The largest e ≤ 20 with |w|·2ᵉ within 16 bits and Σ|w|·2ᵉ of one output within 2²⁹, or nil where that is below 0.
  private static func exponent(_ rows: [Float], length: Int, _ bias: [Float], sources: Int) -> Int? {
    var sums = [Double](repeating: 0, count: max(1, length)), largest: Float = 0
    for (i, w) in rows.enumerated() {
      guard w.isFinite else { return nil }
      largest = max(largest, abs(w))
      sums[i % length] += Double(abs(w))
    }
    // Overlapping tiles add a row several times; of a shared kernel every tap can be hit by every spike once.
    let most = (sums.max() ?? 0) * Double(max(1, sources)) + Double(bias.reduce(0) { max($0, abs($1)) })
    guard most.isFinite else { return nil }
    return (0...20).last { Double(largest) * Double(1 << $0) <= 32767 && most * Double(1 << $0) <= 536_870_912 }
  }
  private static func blocked(_ weights: AlignedBuffer<Int16>, inputs: Int, outputs: Int) -> (Int, AlignedBuffer<Int16>)
  {
    let vectors = (outputs + 15) / 16, count = (vectors + 15) / 16, width = (vectors + count - 1) / count * 16
    let result = AlignedBuffer<Int16>(zeros: count * inputs * width)
    for i in 0..<inputs {
      for j in 0..<outputs {
        result[(j / width * inputs + i) * width + j % width] = weights[i * outputs + j]
      }
    }
    return (width, result)
  }
}
