internal import Compute
internal import Spiking
internal import TernarySpikeKernels

/// Weights of a dense layer or a convolution as the kernel reads them, times the height of a spike.
///
/// They are [block of 128 outputs][group of 64 channels][tap][channel][output]: what is added at once is contiguous. What is
/// missing in a group is 0, and the outputs of a block are rounded up to a multiple of 16.
struct PackedWeights: Sendable {
  let weights: AlignedBuffer<Float>, bias: AlignedBuffer<Float>
  /// The height of one spike of each channel.
  let units: [Float]
  /// The geometry of one image, or of one row of a dense layer.
  let window: ternary_window
  var isDense: Bool { window.is_dense != 0 }

  static let block = 128, group = 64

  /// - Parameter weight: from a channel, by a tap, to an output.
  private init(
    _ window: ternary_window, units: [Float], bias: [Float],
    weight: (_ channel: Int, _ tap: Int, _ output: Int) -> Float
  ) {
    (self.window, self.units) = (window, units)
    let taps = window.kernel_height * window.kernel_width, channels = window.channels, outputs = window.outputs
    let groups = (channels + Self.group - 1) / Self.group, padded = (outputs + 15) / 16 * 16
    self.bias = AlignedBuffer(zeros: padded)
    for (output, value) in bias.enumerated() { self.bias[output] = value }
    weights = AlignedBuffer(zeros: padded * groups * taps * Self.group)
    for output in 0..<outputs {
      let start = output / Self.block * Self.block, width = min(Self.block, padded - start)
      for channel in 0..<channels {
        let part = (start * groups + channel / Self.group * width) * taps * Self.group
        for tap in 0..<taps {
          let row = tap * Self.group + channel % Self.group
          weights[part + row * width + output - start] = weight(channel, tap, output)
        }
      }
    }
  }

  init(_ layer: Dense, at node: Node, in parameters: Parameters, form: SpikeForm) {
    let inputs = node.input.count, units = form.units(for: inputs)
    let synapses = layer.synapses(of: node, in: parameters)
    var window = ternary_window()
    (window.channels, window.height, window.width, window.is_dense) = (inputs, 1, 1, 1)
    (window.kernel_height, window.kernel_width, window.stride) = (1, 1, 1)
    (window.output_height, window.output_width, window.outputs) = (1, 1, layer.units)
    (window.levels, window.signs) = (form.levels, form.isSigned ? 2 : 1)
    self.init(window, units: units, bias: synapses?.bias ?? []) { input, _, output in
      units[input] * (synapses?.weight(input, output) ?? 0)
    }
  }
  init(_ layer: Convolution, at node: Node, in parameters: Parameters, form: SpikeForm) {
    let w = layer.window(node), units = form.units(for: w.channels), taps = w.kernelHeight * w.kernelWidth
    let entries = parameters.layout.entries[node.slots].map { parameters.values(of: $0) }
    let stored = entries[0]
    let window = ternary_window(
      channels: w.channels, height: w.height, width: w.width, kernel_height: w.kernelHeight,
      kernel_width: w.kernelWidth, stride: w.stride, top: w.top, left: w.left, output_height: w.outputHeight,
      output_width: w.outputWidth, outputs: layer.channels, levels: form.levels, signs: form.isSigned ? 2 : 1,
      is_dense: 0)
    self.init(window, units: units, bias: layer.bias ? entries[1] : []) { channel, tap, output in
      units[channel] * stored[(output * w.channels + channel) * taps + tap]
    }
  }
}
extension SpikeForm {
  /// The units of so many inputs; those of a channel count for all its places.
  fileprivate func units(for inputs: Int) -> [Float] { (0..<inputs).map { units[$0 * units.count / inputs] } }
}
