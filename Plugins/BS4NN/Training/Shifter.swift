internal import BS4NNKernels
internal import Compute

/// Moves the spikes of an image by one pixel; what leaves the image is lost.
final class Shifter {
  private let width: Int, height: Int
  private let index: AlignedBuffer<UInt16>, time: AlignedBuffer<UInt16>

  /// Images are the last two extents of the shape, or one row where it has one extent only.
  init(_ shape: Shape, capacity: Int) {
    width = shape.extents.last ?? 1
    height = shape.rank > 1 ? shape[shape.rank - 2] : 1
    (index, time) = (AlignedBuffer(zeros: capacity), AlignedBuffer(zeros: capacity))
  }
  private static let moves = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)]

  func shifted(_ events: soma_bs4nn_events, by move: Int) -> soma_bs4nn_events {
    let (dx, dy) = Self.moves[move]
    if dx == 0, dy == 0 { return events }
    var count = 0
    for e in 0..<events.count {
      let i = Int(events.index[e]), x = i % width + dx, y = i / width % height + dy
      guard (0..<width).contains(x), (0..<height).contains(y) else { continue }
      index[count] = UInt16(i + dx + dy * width)
      time[count] = events.time[e]
      count += 1
    }
    return soma_bs4nn_events(index: index.base, time: time.base, count: count)
  }
}
