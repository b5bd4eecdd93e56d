internal import Classic
internal import Compute
internal import L4ConversionKernels
internal import Spiking

/// The input spikes of one sample, drawn piece by piece of a run.
struct InputEvents: Sendable {
  /// Spikes, and inputs that count as always on with the steps in which they were not.
  struct Piece: Sendable {
    var raised: EventList
    var lowered: EventList?
    /// Spikes in each step of inputs that are always on.
    var alwaysOn = 0
    func spikes(within steps: Int) -> Int {
      raised.count(within: steps) + alwaysOn * steps - (lowered?.count(within: steps) ?? 0)
    }
  }
  private let rates: RateCode, random: RandomStream, inputs: Int, complements: Bool
  private let active: [UInt32], limits: [UInt32], values: [Float]
  /// Inputs that count as always on.
  let on: [UInt32]
  var activeCount: Int { active.count }

  /// - Parameter complements: whether inputs above a probability of 1/2 count as always on.
  init(_ values: [Float], _ rates: RateCode, random: RandomStream, complements: Bool) {
    (self.rates, self.random, inputs, self.complements) = (rates, random, values.count, complements)
    var active: [UInt32] = [], limits: [UInt32] = [], on: [UInt32] = []
    for (i, value) in values.enumerated() where value > 0 {
      // u < p for a u of 24 bits is the same as 2²⁴u < ⌈2²⁴p⌉.
      let limit = UInt32(min(16_777_216, (rates.rate(value) * 16_777_216).rounded(.up)))
      active.append(UInt32(i))
      limits.append(limit)
      if complements, limit > 1 << 23 { on.append(UInt32(i)) }
    }
    (self.active, self.limits, self.on, self.values) = (active, limits, on, values)
  }

  func piece(from first: Int, steps: Int) -> Piece {
    switch rates.kind {
    case .bernoulli: bernoulli(from: first, steps: steps)
    case .analog: Piece(raised: EventList(silent: steps))
    case .poisson, .regular: counted(from: first, steps: steps)
    }
  }
  private func bernoulli(from step: Int, steps: Int) -> Piece {
    let room = active.count * steps + 1
    var raisedFirst = [UInt32](repeating: 0, count: steps + 1), loweredFirst = raisedFirst
    var scratch = [UInt8](repeating: 0, count: active.count + 1), lowered: [UInt32] = []
    let raised = [UInt32](unsafeUninitializedCapacity: room) { up, upCount in
      lowered = [UInt32](unsafeUninitializedCapacity: complements ? room : steps + room) { down, downCount in
        _ = soma_l4_bernoulli(
          random.seed, active, limits, active.count, inputs, step, steps, complements ? 1 : 0, up.baseAddress,
          &raisedFirst, down.baseAddress, &loweredFirst, &scratch)
        downCount = Int(loweredFirst[steps])
      }
      upCount = Int(raisedFirst[steps])
    }
    return Piece(
      raised: EventList(index: raised, first: raisedFirst),
      lowered: complements ? EventList(index: lowered, first: loweredFirst) : nil, alwaysOn: on.count)
  }
  /// Codes without chance, and those with several spikes in a step.
  private func counted(from step: Int, steps: Int) -> Piece {
    var list = EventList(silent: 0)
    list.multiplicity = rates.kind == .poisson ? [] : nil
    for t in step..<step + steps {
      for i in active {
        let count = rates.spikes(values[Int(i)], step: t, input: Int(i), of: inputs, random: random)
        guard count > 0 else { continue }
        list.index.append(i)
        list.multiplicity?.append(UInt32(count))
      }
      list.first.append(UInt32(list.index.count))
    }
    return Piece(raised: list)
  }
}
