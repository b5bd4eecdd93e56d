internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `sample n`: some samples of the test part, drawn at random.
struct Sample: Command {
  var n = 4, seed: Int?
  static let accepts: [ValueType] = [.dataset], gives: [ValueType] = [.dataset]
  static let manual = Manual(
    "sample", "Draws samples of the test part at random.", examples: ["data glyphs | sample 4 | plot images"])
  static let settings: [Setting<Self>] = [
    Setting("n", \.n, "How many.", in: 1...1e9, positional: true),
    Setting("seed", \.seed, "Start of the random numbers."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .dataset(var outline) = input else { return .unknown }
    let part: Part = outline.counts[.test] != nil ? .test : outline.counts.keys.first ?? .test
    outline.counts = [part: n]
    return .dataset(outline)
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let data = try input.dataset(), drawn = data.sampled(n, random: context.random)
    if drawn.count < n {
      context.notes.add("data.fewer", "'\(data.name)' has only \(drawn.count) samples to draw from")
    }
    return .dataset(drawn)
  }
}
/// `take train=200 test=100`: the first samples of each part.
struct Take: Command {
  var train: Int?, validation: Int?, test: Int?
  static let accepts: [ValueType] = [.dataset], gives: [ValueType] = [.dataset]
  static let manual = Manual(
    "take", "Takes the first samples of each part named; other parts stay whole.",
    examples: ["data glyphs | take train=200 test=50"])
  static let settings: [Setting<Self>] = [
    Setting("train", \.train, "Samples of the training part.", in: 0...1e9),
    Setting("validation", \.validation, "Samples of the validation part.", in: 0...1e9),
    Setting("test", \.test, "Samples of the test part.", in: 0...1e9),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .dataset(var outline) = input else { return .unknown }
    for (part, count) in [(Part.train, train), (.validation, validation), (.test, test)] {
      if let count, let known = outline.counts[part] { outline.counts[part] = known.map { min($0, count) } }
    }
    return .dataset(outline)
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    let result = try input.dataset().taking(train: train, validation: validation, test: test)
    guard result.count > 0 else { throw Diagnostic("data.empty", "no samples are left") }
    return .dataset(result)
  }
}
/// `split validation=20%`: a validation part out of the training part.
struct Split: Command {
  var validation = 0.1, test: Double?, seed: Int?
  static let accepts: [ValueType] = [.dataset], gives: [ValueType] = [.dataset]
  static let manual = Manual(
    "split", "Moves a random share of the training part to a validation part.",
    details: "test= does the same for a test part, where a data set has only one part.",
    examples: ["data glyphs | split validation=20%"])
  static let settings: [Setting<Self>] = [
    Setting("validation", \.validation, "Share that becomes the validation part.", in: 0...0.99),
    Setting("test", \.test, "Share that becomes the test part.", in: 0...0.99),
    Setting("seed", \.seed, "Start of the random numbers."),
  ]
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard case .dataset(var outline) = input else { return .unknown }
    if test != nil { outline.counts[.test] = .some(nil) }
    if validation > 0 { outline.counts[.validation] = .some(nil) }
    outline.counts[.train] = .some(nil)
    return .dataset(outline)
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    var data = try input.dataset()
    if let test {
      guard data.isSinglePart else { throw Diagnostic("data.parts", "'\(data.name)' has a test part already") }
      data = data.splitting(test: test, random: context.random.child(1))
    }
    return .dataset(validation > 0 ? data.splitting(validation: validation, random: context.random) : data)
  }
}

extension Value.Content {
  func dataset() throws -> Dataset {
    guard case .dataset(let data) = self else {
      throw Diagnostic("types.stage", "a dataset is needed, not \(type.noun)")
    }
    return data
  }
  func spikes() throws -> EncodedData {
    guard case .spikes(let spikes) = self else {
      throw Diagnostic("types.stage", "spikes are needed, not \(type.noun)")
    }
    return spikes
  }
  func model() throws -> Model {
    guard case .model(let model) = self else { throw Diagnostic("types.stage", "a model is needed, not \(type.noun)") }
    return model
  }
  func recording() throws -> Recording {
    guard case .recording(let recording) = self else {
      throw Diagnostic("types.stage", "a recording is needed, not \(type.noun)")
    }
    return recording
  }
  func neuron() throws -> any Neuron {
    guard case .neuron(let neuron) = self else {
      throw Diagnostic("types.stage", "a neuron is needed, not \(type.noun)")
    }
    return neuron
  }
}
