internal import Compute
internal import HybridLMUKernels
public import Spiking

/// What the way back needs, piece by piece of the batch, each [steps][rows][width]: [m̂(t) | ĥ(t−1)], one step more than the
/// signal; a, where it is not ĥ; m and u, where the window is learnt.
struct LMUTape {
  var sent: Tensor, activation: Tensor, memory: Tensor, input: Tensor
  init(_ tensors: [Tensor]) { (sent, activation, memory, input) = (tensors[0], tensors[1], tensors[2], tensors[3]) }
  var tensors: [Tensor] { [sent, activation, memory, input] }

  /// - Parameter isKept: whether all steps are kept, or only the two that a step needs.
  init(_ layer: LMU, _ shape: LMUShape, steps: Int, batch: Int, isKept: Bool) {
    sent = Tensor(unwritten: [(isKept ? steps + 1 : 2) * batch * shape.sent])
    let apart = isKept && !layer.hiddenQuantiser.isExact, learns = isKept && layer.learnsWindow
    activation = Tensor(unwritten: [apart ? steps * batch * shape.units : 0])
    memory = Tensor(unwritten: [learns ? steps * batch * shape.coefficients : 0])
    input = Tensor(unwritten: [learns ? steps * batch * shape.channels : 0])
  }
}

extension LMU {
  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal {
    let isKept = pass.gradients != nil
    let (output, tape) = run(input, at: node, &pass, isKept: isKept)
    if isKept { pass.tapes[node.index] = tape.tensors }
    return output
  }

  func run(_ input: Signal, at node: Node, _ pass: inout Pass, isKept: Bool) -> (Signal, LMUTape) {
    let weights = LMUWeights(self, at: node, pass.parameters, dt: pass.dt), shape = weights.shape
    var output = input.unwritten([units], constant: false)
    var tape = LMUTape(self, shape, steps: input.steps, batch: input.batch, isKept: isKept)
    var records = LMURecords(shape, steps: input.steps, batch: pass.records == nil ? 0 : input.batch)
    let machine = pass.machine, batch = input.batch, isRecorded = pass.records != nil
    let streams = streams(pass, node, batch: batch)
    let loop = LMULoop(self, weights, machine.backend, steps: input.steps, batch: batch)
    input.values.read { x in
      output.values.write { y in
        tape.write { tape in
          records.write { records in
            nonisolated(unsafe) let (x, y, tape, records) = (x, y, tape, records)
            Dense.forEachTile(of: batch, machine) { tile in
              loop.run(
                LMULoop.Piece(
                  rows: tile, input: x, inputStride: input.stride, output: y, tape: tape, isKept: isKept,
                  records: isRecorded ? records : nil, streams: streams))
            }
          }
        }
      }
    }
    if isRecorded { records.store(in: &pass, node.name) }
    return (output, tape)
  }
  /// Random numbers of each sample, whatever its place in a batch.
  private func streams(_ pass: Pass, _ node: Node, batch: Int) -> [RandomStream] {
    let own = pass.random.child(node.name)
    return (0..<batch).map { own.child(pass.samples?[$0] ?? $0) }
  }
}

extension LMUTape {
  struct Addresses { var sent, activation, memory, input: UnsafeMutablePointer<Float> }
  mutating func write(_ body: (Addresses) -> Void) {
    sent.write { s in
      activation.write { a in
        memory.write { m in input.write { u in body(Addresses(sent: s, activation: a, memory: m, input: u)) } }
      }
    }
  }
  func read(_ body: (Addresses) -> Void) {
    func mutable(_ p: UnsafePointer<Float>) -> UnsafeMutablePointer<Float> { UnsafeMutablePointer(mutating: p) }
    sent.read { s in
      activation.read { a in
        memory.read { m in
          input.read { u in
            body(Addresses(sent: mutable(s), activation: mutable(a), memory: mutable(m), input: mutable(u)))
          }
        }
      }
    }
  }
}
