internal import Compute
internal import Spiking

/// Moves the images of a batch by random numbers of pixels; what leaves an image is lost, what comes in is 0.
struct Shifts {
  /// Largest move in each direction, in pixels.
  var limit: Int
  /// Gives each sample the child of its number.
  var random: RandomStream

  /// Height and width where features are images: [height, width] or [channels, height, width].
  static func extents(_ features: Shape) -> (height: Int, width: Int)? {
    guard (2...3).contains(features.rank) else { return nil }
    return (features[features.rank - 2], features[features.rank - 1])
  }

  /// The signal with each sample moved, by the same at every step.
  func apply(_ signal: Signal, samples: [Int], _ machine: Machine) -> Signal {
    guard limit > 0, let (height, width) = Self.extents(signal.features) else { return signal }
    var result = signal.like(signal.features)
    result.alphabet = signal.alphabet
    let n = signal.features.count, planes = n / max(1, height * width), limit = limit, random = random
    signal.values.read { x in
      result.values.write { y in
        nonisolated(unsafe) let (x, y) = (x, y)
        machine.forEach(signal.batch) { row in
          let stream = random.child(samples[row])
          let dy = stream.integer(below: 2 * limit + 1, counter: 0) - limit
          let dx = stream.integer(below: 2 * limit + 1, counter: 1) - limit
          let columns = max(0, width - abs(dx))
          for t in 0..<signal.storedSteps {
            let first = t * signal.neurons + row * n
            for plane in 0..<planes {
              for i in max(0, dy)..<max(max(0, dy), min(height, height + dy)) where columns > 0 {
                let line = first + (plane * height + i) * width
                (y + line + max(0, dx)).update(from: x + line - dy * width + max(0, -dx), count: columns)
              }
            }
          }
        }
      }
    }
    return result
  }
}
