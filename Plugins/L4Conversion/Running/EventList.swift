internal import L4ConversionKernels

/// Spikes of one layer for one sample over some steps, by step.
struct EventList: Sendable {
  var index: [UInt32] = [], first: [UInt32], multiplicity: [UInt32]?

  init(silent steps: Int) { first = Array(repeating: 0, count: steps + 1) }
  init(index: [UInt32], first: [UInt32], multiplicity: [UInt32]? = nil) {
    (self.index, self.first, self.multiplicity) = (index, first, multiplicity)
  }
  var steps: Int { first.count - 1 }
  func range(_ t: Int) -> Range<Int> { Int(first[t])..<Int(first[t + 1]) }
  /// Entries of the first `steps` steps.
  func count(within steps: Int) -> Int { Int(first[steps]) }

  /// Calls `body` with the form that the kernels take.
  func read<R>(_ body: (inout soma_l4_events) -> R) -> R {
    index.withUnsafeBufferPointer { index in
      first.withUnsafeBufferPointer { first in
        guard let multiplicity else {
          var raw = soma_l4_events(index: index.baseAddress, first: first.baseAddress, multiplicity: nil)
          return body(&raw)
        }
        return multiplicity.withUnsafeBufferPointer { times in
          var raw = soma_l4_events(index: index.baseAddress, first: first.baseAddress, multiplicity: times.baseAddress)
          return body(&raw)
        }
      }
    }
  }

  /// The list as it arrives `delay` steps later, after what was `held` back before; what is still on its way is held.
  func delayed(by delay: Int, held: inout EventList) -> EventList {
    guard delay > 0 else { return self }
    var arrived = EventList(silent: 0), late = EventList(silent: 0)
    if held.multiplicity != nil || multiplicity != nil { (arrived.multiplicity, late.multiplicity) = ([], []) }
    for t in 0..<held.steps + steps {
      let (list, step) = t < held.steps ? (held, t) : (self, t - held.steps)
      if t < steps { arrived.append(list, step) } else { late.append(list, step) }
    }
    held = late
    return arrived
  }
  /// Puts the steps of another list behind its own.
  mutating func append(_ other: EventList) {
    if steps == 0, other.multiplicity != nil { multiplicity = [] }
    for t in 0..<other.steps { append(other, t) }
  }
  private mutating func append(_ other: EventList, _ t: Int) {
    let range = other.range(t)
    index.append(contentsOf: other.index[range])
    multiplicity?.append(contentsOf: other.multiplicity?[range] ?? ArraySlice(repeating: 1, count: range.count))
    first.append(UInt32(index.count))
  }
}
