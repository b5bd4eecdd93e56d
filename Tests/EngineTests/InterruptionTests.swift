import Compute
import Foundation
import Plotting
import Spiking
import Testing

@testable import Engine

/// What ^C leaves: a model that knows where it was cut, and goes on with its data or with others.
@Suite struct InterruptionTests {
  static let trainings: [(net: String, train: String)] = [
    ("encode ttfs | mlp 12 10 neuron=if-once", "train s4nn"),
    ("encode ttfs | mlp 12 10 neuron=if-once weights=binary", "train bs4nn"),
    ("encode direct steps=2 | dense 12 | neuron lif | dense 10", "train bptt batch=10"),
    ("encode analog | dense 12 | relu | dense 10", "train backprop batch=10"),
    ("encode bernoulli steps=5 | dense 12 bias=false | neuron lif | dense 10 bias=false", "train stdp"),
  ]
  private static let mark = "# interrupted in epoch 1 of 4, after "

  @Test(arguments: trainings) func trainingGoesOnWithOtherData(_ net: String, _ train: String) throws {
    let lab = try Lab()
    lab.run("let d = data glyphs samples=400; let net = d | \(net);")
    lab.run("net | \(train) epochs=4", interruptedAfter: 25)
    let cut = lab.run("_ | recipe")
    #expect(cut.contains(Self.mark), "\(cut)")
    lab.run("let part = _")
    // Fewer samples than were shown, more, and others of the same number: each starts an epoch of its own.
    for other in ["d | take train=7", "data glyphs samples=600", "data glyphs samples=400 difficulty=0.6"] {
      let told = lab.run("let more = part | \(train) epochs=1 data=(\(other))")
      #expect(!told.contains("error"), "\(told)")
      let history = lab.run("more | history")
      #expect(history.contains("\n    1 "), "\(history)")
      let accuracy = try #require(
        lab.run("let h = more | history | select accuracy; max(h.accuracy)").split(separator: "\n").last)
      #expect(Double(accuracy).map { (0...1).contains($0) } == true, "\(accuracy)")
    }
  }
  @Test(arguments: trainings) func aTamperedStateIsNeverSuffered(_ net: String, _ train: String) throws {
    let lab = try Lab()
    lab.run("let net = data glyphs samples=60 | \(net);")
    lab.run("net | \(train) epochs=4", interruptedAfter: 4)
    guard case .model(let model)? = lab.session.state.last?.content, let state = model.training else {
      Issue.record("no model")
      return
    }
    for value in [-1e300, -3, 0.5, 1e6, 1e18, .nan, .infinity] {
      for name in state.numbers.keys { try goesOn(lab, model, train) { $0.numbers[name] = value } }
      for name in state.vectors.keys {
        try goesOn(lab, model, train) { $0.vectors[name] = [Float(value)] }
        try goesOn(lab, model, train) { $0.vectors[name] = $0.vectors[name].map { $0.map { _ in Float(value) } } }
      }
    }
    for place in [Int.max, 1 << 41, 1 << 39, 1000, 60] {
      try goesOn(lab, model, train) { $0.position = place }
      try goesOn(lab, model, train) { $0.epoch = place }
    }
  }
  private func goesOn(_ lab: Lab, _ model: Model, _ train: String, _ change: (inout TrainingState) -> Void) throws {
    var model = model, state = try #require(model.training)
    change(&state)
    guard let read = TrainingState(bytes: state.bytes) else { return }
    model.training = read
    lab.session.state.names["tampered"] = Item(.model(model))
    #expect(!lab.run("let after = tampered | \(train) epochs=1;").contains("error"))
  }

  /// Saved, loaded and trained further, the recipe keeps saying where the run was cut.
  @Test func theRecipeOfACutRunSaysSo() throws {
    let lab = try Lab(), file = NSTemporaryDirectory() + "soma-\(UUID().uuidString).soma-model"
    lab.run(
      "data glyphs samples=100 | encode ttfs | mlp 12 10 neuron=if-once | train s4nn epochs=4", interruptedAfter: 120)
    let remark =
      "# interrupted in epoch 2 of 4, after 32 of its samples; run again, the line goes on to its end and gives other values\n"
    let start = "data glyphs samples=100 | encode ttfs | mlp 12 10 neuron=if-once | train s4nn epochs=4\n"
    #expect(lab.run("_ | recipe").hasSuffix(start + remark))
    #expect(lab.run("_").contains("interrupted in epoch 2 of 4"))
    lab.run("let cut = _; cut | save \"\(file)\";")
    #expect(lab.run("cut | train s4nn epochs=3 | recipe").hasSuffix(start + remark + "| train s4nn epochs=3\n"))
    let other = try Lab()
    #expect(other.run("load \"\(file)\" | recipe").hasSuffix(start + remark))
    #expect(other.run("load \"\(file)\" | train s4nn epochs=3 | recipe").hasSuffix(remark + "| train s4nn epochs=3\n"))
    // The lines run as they stand.
    let again = try Lab()
    #expect(!again.run(other.run("load \"\(file)\" | train s4nn epochs=1 | recipe")).contains("error"))
    // Run to its end it says nothing.
    #expect(
      !lab.run("data glyphs samples=60 | encode ttfs | mlp 12 10 neuron=if-once | train s4nn epochs=1 | recipe")
        .contains("interrupted"))
  }
  @Test func aCheckpointIsNoRecipe() throws {
    let lab = try Lab(), file = NSTemporaryDirectory() + "soma-\(UUID().uuidString).soma-model"
    lab.run(
      "data glyphs samples=60 | encode ttfs | mlp 12 10 neuron=if-once | train s4nn epochs=2 checkpoint=\"\(file)\"")
    #expect(
      lab.run("load \"\(file)\" | recipe").hasSuffix(
        "neuron=if-once\n# a checkpoint of 'train s4nn' after epoch 2; the lines above leave the training out\n"))
  }

  /// Long runs of one neuron and the figures of them look for ^C all the way.
  @Test(arguments: [
    ("neuron lif", "_ | plot fi current=0..4 by 0.01 for=1000s"),
    ("neuron adex", "_ | plot phase current=700pA for=90s"),
    ("neuron lif", "_ | drive for=3000s"), ("neuron izhikevich", "_ | drive for=3000s"),
    ("neuron lif", "_ | drive for=3000s exact=true"), ("neuron poisson", "_ | drive for=3000s"),
    ("neuron lif | drive for=60s", "_ | plot membrane"),
  ])
  func longRunsOfANeuronAreInterrupted(_ first: String, _ line: String) throws {
    let lab = try Lab()
    lab.run(first)
    #expect(lab.run(line, interruptedAfter: 20) == "interrupted\n")
    #expect(lab.pollsSinceInterruption <= 2)
  }
  /// What is drawn of a long trace is what can be seen of it.
  @Test func longTracesAreThinnedOut() throws {
    let lab = try Lab()
    lab.run("let r = neuron lif | drive sine current=1 for=100s; let f = r | plot membrane")
    guard case .figure(let figure)? = lab.session.state.names["f"]?.content else {
      Issue.record("no figure")
      return
    }
    #expect(figure.panels.map(\.x.unit) == ["s", "s"])
    #expect(figure.panels.map(\.x.range) == [0...100, 0...100])
    guard case .series(let series)? = figure.panels[1].marks.first,
      case .recording(let recording)? = lab.session.state.names["r"]?.content
    else { return }
    #expect(series.x.count <= 16_000 && series.x.count > 8000)
    let values = try #require(recording.layers[0].trace("v"))
    #expect(series.y.max() == max(0, values.max() ?? 0) && series.y.min() == min(0, values.min() ?? 0))
    #expect(zip(series.x, series.x.dropFirst()).allSatisfy { $0 < $1 })
  }
  @Test func shortTracesAreWhole() throws {
    let lab = try Lab()
    lab.run("let f = neuron lif | drive for=50ms | plot membrane")
    guard case .figure(let figure)? = lab.session.state.names["f"]?.content,
      case .series(let series)? = figure.panels[1].marks.first
    else {
      Issue.record("no figure")
      return
    }
    #expect(series.x.count == 51 && figure.panels[1].x.unit == "ms")
  }
}
