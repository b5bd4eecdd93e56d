internal import Compute
internal import Engine
internal import Language
internal import Laws
internal import Spiking
internal import Synchronization

/// The laws of one thing, with those that files add: what is read back is what was saved.
struct Verification {
  let context: Context
  init(_ context: Context) { self.context = context }

  /// - Parameter kind: as declared, `encode ttfs`.
  func laws(ofKind kind: String) throws -> Laws {
    let words = kind.split(separator: " ", maxSplits: 1).map(String.init)
    switch words[0] {
    case "neuron":
      guard let declaration = context.registry.declarations(kind).first(where: { $0.accepts.contains(.nothing) }),
        case .neuron(let neuron) = try declaration.prepare([]).run(.nothing, context)
      else { return Laws() }
      return try laws(of: neuron)
    case "encode": return checkEncoder(try context.registry.encoder(kind: words[1], text: ""), dt: context.dt)
    default:
      guard let trainer = context.registry.trainers.first(where: { $0.kind == words[1] }) else { return Laws() }
      return try laws(of: trainer)
    }
  }

  // MARK: Neurons

  func laws(of neuron: any Neuron) throws -> Laws {
    let usual = neuron.usualCurrents, span = usual.upperBound - usual.lowerBound
    let drive = Float(usual.lowerBound - span / 4)...Float(usual.upperBound)
    var laws = checkNeuron(neuron, dt: context.dt, drive: drive)
    try context.poll()
    if var smooth = neuron.capability((any DifferentiableNeuron).self) {
      laws.join(checkPullback(neuron, dt: context.dt, drive: drive))
      smooth.surrogate = Surrogate(.arctan)
      // One step from rest: over several, what a spike adds elsewhere may have a surrogate of its own.
      // Upwards only, as the twin has no spikes of the other sign.
      for k in 1...8 {
        let current = usual.upperBound * Double(k) / 8
        laws.join(checkSurrogate(smooth, current: [current], dt: context.dt, needsResets: false))
      }
    }
    try context.poll()
    laws.join(try saving(neuron, drive))
    return laws
  }
  private static let saved = Law("saving", "read back from a file it does the same")

  private func saving(_ neuron: any Neuron, _ drive: ClosedRange<Float>) throws -> Laws {
    var laws = Laws()
    let count = 24, random = RandomStream(seed: 41)
    let values = (0..<2 * count).map { drive.lowerBound + (drive.upperBound - drive.lowerBound) * random.uniform($0) }
    let dataset = Dataset(
      name: "currents", classes: ["a"], shape: [count],
      parts: [.train: .init(SampleBank(shape: [count], labels: [0, 0], floats: values))])
    let data = try shaping { () throws(ShapeError) in
      try EncodedData(dataset, Direct(steps: 20), seed: 1, dt: context.dt)
    }
    let model = try Model(data).adding(Population(neuron), name: nil, context).initialised(seed: 1)
    let again = try ModelFile.model(try ModelFile.bytes(model, nil), file: neuron.kind, context)
    func sent(_ model: Model) -> [UInt32]? {
      guard let parameters = model.parameters else { return nil }
      var pass = Pass(machine: context.machine, dt: context.dt, parameters: parameters, random: RandomStream(seed: 2))
      return model.network.forward(data.clocked([0, 1], .train), &pass).values.bits
    }
    laws.require(Self.saved, sent(again) == sent(model), "the neuron of the file sends something else")
    return laws
  }

  // MARK: Trainers

  /// Small networks, one of which most trainers can train.
  private static let networks = [
    ["encode direct steps=1", "dense units=20", "relu", "dense units=10"],
    ["encode direct steps=3", "dense units=20", "neuron lif", "dense units=10"],
    ["encode ttfs", "dense units=20", "neuron if-once", "dense units=10", "neuron if-once"],
    [
      "encode ttfs", "dense units=20 weights=binary", "neuron if-once", "dense units=10 weights=binary",
      "neuron if-once",
    ],
    ["encode bernoulli steps=20 rate=0.2", "dense units=20 bias=false", "neuron lif", "dense units=10 bias=false"],
  ]
  private static let fits = Law("network", "one of the small networks is for it")
  private static let continued = Law("saving", "read back from a file, a training goes on to the same bits")

  private func laws<T: Trainer>(of trainer: T) throws -> Laws {
    var laws = Laws()
    guard let model = try network(for: trainer) else {
      laws.require(Self.fits, false, "it takes none of them")
      return laws
    }
    func epochs(_ n: Int) throws(SettingProblem) -> T {
      try trainer.applying([("epochs", .quantity(Quantity(Double(n))))])
    }
    let two = try epochs(2), one = try epochs(1), machine = context.machine
    laws.join(
      try checkTrainer(
        two, model: model, machine: { Machine(backend: machine.backend, threads: $0) },
        isInterrupted: context.surroundings.isInterrupted
      ) { (try? epochs($0)) ?? two })
    try context.poll()
    guard let data = model.data else { return laws }
    let halfway = Halfway()
    let ended = try two.train(
      model, on: data,
      TrainingRun(
        machine: machine, dt: context.dt,
        checkpoint: { model in halfway.model.withLock { $0 = $0 ?? model } }))
    guard var stopped = halfway.model.withLock({ $0 }) else {
      laws.require(Self.continued, false, "nothing is handed over after an epoch")
      return laws
    }
    stopped.trainer = trainer.kind
    let read = try ModelFile.model(try ModelFile.bytes(stopped, nil), file: trainer.kind, context)
    let again = try one.train(read, on: data, TrainingRun(machine: machine, dt: context.dt))
    laws.require(Self.continued, again.parameters?.flat.bits == ended.parameters?.flat.bits, "it ends in other values")
    return laws
  }
  /// The model as of the first epoch.
  private final class Halfway: Sendable { let model = Mutex<Model?>(nil) }

  /// The first of the networks that lacks nothing, on a few glyphs.
  private func network(for trainer: any Trainer) throws -> Model? {
    let registry = context.registry
    for stages in Self.networks {
      var value = try registry.applied("data glyphs samples=220", to: .nothing, context)
      for stage in stages { value = try registry.applied(stage, to: value, context) }
      let model = try value.model()
      if trainer.missing(in: model.network).isEmpty,
        trainer.missing(in: model.input, encoder: model.data?.encoder).isEmpty
      {
        return model
      }
    }
    return nil
  }
}
