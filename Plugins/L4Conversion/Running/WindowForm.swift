internal import Compute
internal import L4ConversionKernels

/// Weights of a convolution in pairs of input channels, for windows that are read place by place.
struct WindowForm: Sendable {
  let geometry: soma_l4_window, weights: AlignedBuffer<Int16>
  /// Cells of the padded image where each source counts, by way of pools: those of i are cell[first[i]] ..< cell[first[i + 1]].
  let first: AlignedBuffer<UInt32>, cell: AlignedBuffer<UInt32>

  /// - Parameters:
  ///   - weights: [input channel][tap][channel].
  ///   - sources: the inputs of the convolution that each source reaches.
  init(_ weights: AlignedBuffer<Int16>, _ w: Window, _ channels: Int, sources: [[Int]]) {
    let pairs = (w.channels + 1) / 2, taps = w.kernelHeight * w.kernelWidth
    let height = max(w.height + w.top, (w.outputHeight - 1) * w.stride + w.kernelHeight)
    let width = max(w.width + w.left, (w.outputWidth - 1) * w.stride + w.kernelWidth)
    geometry = soma_l4_window(
      pairs: pairs, height: height, width: width, kernel_height: w.kernelHeight, kernel_width: w.kernelWidth,
      stride: w.stride, output_height: w.outputHeight, output_width: w.outputWidth, channels: channels)
    self.weights = AlignedBuffer(zeros: (channels + 15) / 16 * 16 * taps * pairs * 2)
    for c in 0..<channels {
      let block = c / 64 * 64, blockWidth = (min(64, channels - block) + 15) / 16 * 16
      for tap in 0..<taps {
        for input in 0..<w.channels {
          let row = (tap * pairs + input / 2) * blockWidth + c - block
          self.weights[block * taps * pairs * 2 + row * 2 + input % 2] = weights[(input * taps + tap) * channels + c]
        }
      }
    }
    var first: [UInt32] = [0], cell: [UInt32] = []
    for targets in sources {
      for k in targets {
        let channel = k / (w.height * w.width), y = k / w.width % w.height + w.top, x = k % w.width + w.left
        cell.append(UInt32((y * width + x) * pairs * 2 + channel))
      }
      first.append(UInt32(cell.count))
    }
    (self.first, self.cell) = (AlignedBuffer(first), AlignedBuffer(cell))
  }
}

extension Simulation {
  /// A convolution's spikes over some steps, window by window; the same as `general` gives.
  func windowed(_ state: State, _ layer: ConvertedNetwork.Layer, _ l: Int, _ steps: Int, _ form: WindowForm)
    -> EventList
  {
    var geometry = form.geometry
    let room = geometry.pairs * geometry.kernel_height * geometry.kernel_width + 16
    let counts = AlignedBuffer<Int16>(zeros: geometry.height * geometry.width * geometry.pairs * 2)
    let offset = AlignedBuffer<UInt32>(zeros: room), value = AlignedBuffer<Int32>(zeros: room)
    var first: [UInt32] = [0]
    let constant = l == 0 ? state.constant : layer.bias, events = state.events.raised
    let index = [UInt32](unsafeUninitializedCapacity: layer.synapses.outputs * steps + 1) { index, found in
      constant.withUnsafeBufferPointer { constant in
        guard let base = constant.baseAddress, let indices = index.baseAddress else { return }
        var raw = layer.raw(base)
        for t in 0..<steps {
          events.read {
            soma_l4_count_sources(
              &geometry, form.first.base, form.cell.base, $0.index + Int($0.first[t]), events.range(t).count,
              counts.base)
          }
          found += soma_l4_window_step(
            &raw, &geometry, form.weights.base, counts.base, state.potential[l].base, indices + found, offset.base,
            value.base)
          first.append(UInt32(found))
        }
      }
    }
    return EventList(index: index, first: first)
  }
}
