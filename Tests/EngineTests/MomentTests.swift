import Engine
import Foundation
import Spiking
import Testing

/// Moments of recordings.
@Suite struct MomentTests {
  private func value(_ text: String) throws -> Double {
    let line = try #require(text.split(separator: "\n").dropFirst().first)
    return try #require(Double(line.split(separator: " ")[2]))
  }
  /// v(t) = i·(1 − e^(−t/τ)): at 5 ms it is what theory and the file say for 5 ms, at 0 ms what it was before.
  @Test func aMomentIsATime() throws {
    let lab = try Lab(), file = NSTemporaryDirectory() + "moment-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: file) }
    lab.run("set precision 12\nlet r = neuron lif | drive current=1.2 for=20ms; r | save \"\(file)\";")
    let rows = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
    for k in [1, 5, 20] {
      let v = try value(lab.run("r | at \(k)ms"))
      #expect(abs(v - 1.2 * (1 - exp(-Double(k) / 20))) < 1e-9)
      #expect(try value(lab.run("r | at \(k)")) == v)
      let row = try #require(
        rows.first { Double($0.split(separator: ",")[0]).map { abs($0 - Double(k) / 1000) < 1e-9 } ?? false })
      #expect(abs((Double(row.split(separator: ",")[2]) ?? 0) - v) < 1e-9)
    }
    #expect(try value(lab.run("r | at 0ms")) == 0)
    #expect(lab.run("r | at 21ms").contains("error[at.outside]"))
  }
  @Test func beforeTheFirstStepItRests() throws {
    let lab = try Lab()
    #expect(try value(lab.run("neuron izhikevich | drive current=10 | at 0ms")) == -70)
    #expect(abs(try value(lab.run("neuron hodgkin-huxley | drive current=10 | at 0ms")) + 65) < 0.1)
    #expect(try value(lab.run("neuron lif | drive current=2 exact=true | at 0ms")) == 0)
    #expect(try value(lab.run("neuron if v0=0.3 | drive current=2 | at 0ms")) == 0.3)
    #expect(try value(lab.run("neuron poisson | drive current=2 | at 0ms")) == 0)
    let states = lab.run(
      "data glyphs samples=20 | encode direct steps=3 | dense 3 | neuron qif | probe | at 0 | where layer == neuron1")
    #expect(states.split(separator: "\n").dropFirst().allSatisfy { $0.contains("-1") }, "\(states)")
    #expect(lab.run("neuron lif | stdp inputs=3 weight=0.25 | at 0").contains("0.25"))
    #expect(
      lab.run(
        "data glyphs samples=60 | dense 5 | relu | dense 10 | train backprop epochs=1 | convert model steps=3 v0=0.5 | probe | at 0 | where layer == relu1"
      ).contains("0.5"))
  }
  /// A membrane is drawn from where it rests, not from 0.
  @Test func membranesBeginAtRest() throws {
    let text = try Lab().run("set style ascii\nneuron izhikevich | drive current=0 for=100ms | plot membrane")
    #expect(text.split(separator: "\n").count { $0.contains("**") || $0.contains("|*") } == 1, "\(text)")
  }
}

/// Settings that mean nothing are refused, and one name means one thing everywhere.
@Suite struct SettingMeaningTests {
  @Test(arguments: [
    ("neuron lif | stdp rate=5Hz", "'rate': it belongs to protocol=poisson"),
    ("neuron lif | stdp gain=1", "'gain': it belongs to protocol=poisson"),
    ("neuron lif | stdp for=2s", "'for': it belongs to protocol=poisson"),
    ("neuron lif | stdp protocol=poisson window=5ms", "'window': it belongs to protocol=pairs"),
    ("neuron lif | stdp protocol=poisson current=3", "'current': it belongs to protocol=pairs"),
    ("neuron lif | stdp weight=3 limit=1", "'weight': it must not be above limit=1"),
    ("data glyphs | dense 10 | train backprop shift=100", "needs images larger than shift=100"),
    ("neuron lif | drive step from=[1ms 2ms] until=3ms", "as many ends as beginnings, 2, not 1"),
    ("neuron lif | drive step from=20ms until=20ms", "20ms is not after from=20ms"),
    ("data glyphs | encode regular seed=3", "has no setting 'seed'"),
    ("data glyphs | encode analog seed=3", "has no setting 'seed'"),
    ("data glyphs | encode latency seed=3", "has no setting 'seed'"),
    ("data glyphs | encode delta seed=3", "has no setting 'seed'"),
    ("data glyphs | encode population seed=3", "has no setting 'seed'"),
    ("data glyphs | encode ttfs seed=3", "has no setting 'seed'"),
    ("data glyphs | encode direct seed=3", "has no setting 'seed'"),
  ])
  func refused(_ line: String, _ reason: String) throws {
    let text = try Lab().run(line)
    #expect(text.contains("error[") && text.contains(reason), "\(text)")
  }
  private static let ann =
    "data glyphs samples=60 | dense 5 | relu | dense 10 | train backprop epochs=1 | convert l4 steps=2 "
  @Test(arguments: [
    ("mode=equalise k=3", "k", "layer or mode=neuron"),
    ("mode=neuron percentile=99", "percentile", "equalise or mode=literal"),
    ("mode=neuron population=all", "population", "equalise or mode=literal"),
    ("mode=neuron layers=hidden", "layers", "literal"),
    ("mode=layer alpha=0.5", "alpha", "equalise or mode=literal or mode=neuron"),
    ("mode=layer reference=rms", "reference", "equalise or mode=literal"),
  ])
  func refusedByTheL4Norm(_ settings: String, _ name: String, _ modes: String) throws {
    let text = try Lab().run(Self.ann + settings)
    #expect(text.contains("'\(name)': it belongs to mode=\(modes)"), "\(text)")
  }
  @Test func partOfTheWayIsSaid() throws {
    #expect(try Lab().run(Self.ann + "mode=neuron alpha=0.3").contains("rows 0.3 of the way to the L4 norm 1/k"))
    #expect(try Lab().run(Self.ann + "mode=neuron").contains("every row to the L4 norm 1/k"))
  }
  @Test func randomCodesTakeASeed() throws {
    let lab = try Lab()
    for kind in ["bernoulli", "poisson"] {
      #expect(!lab.run("data glyphs samples=20 | encode \(kind) steps=5 seed=3").contains("error"))
    }
  }
  /// Hard is zero and soft is subtract, wherever a reset is asked for.
  @Test func resetsHaveSynonyms() throws {
    let lab = try Lab()
    for (neuron, word, same) in [
      ("lif", "soft", "subtract"), ("lif", "hard", "zero"), ("alif", "soft", "subtract"), ("lapicque", "hard", "zero"),
      ("if", "hard", "zero"), ("if", "soft", "subtract"),
    ] {
      #expect(lab.run("neuron \(neuron) reset=\(word)") == lab.run("neuron \(neuron) reset=\(same)"))
      #expect(!lab.run("neuron \(neuron) reset=\(word)").contains("error"))
    }
    let line = Self.ann.replacing("l4", with: "model")
    #expect(lab.run(line + "reset=subtract | layers") == lab.run(line + "reset=soft | layers"))
    #expect(lab.run(line + "reset=zero | layers") == lab.run(line + "reset=hard | layers"))
    #expect(lab.run("let word = \"soft\"\nneuron lif reset=word").contains("subtract"))
    #expect(!lab.run("help lif").contains("soft"))
  }
  /// `to=` writes a file on every stage.
  @Test func noSettingIsCalledTo() throws {
    let lab = try Lab(), file = NSTemporaryDirectory() + "to-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: file) }
    for declaration in lab.session.registry.commands.values.joined() {
      #expect(!declaration.settings.contains { $0.name == "to" }, "\(declaration.name)")
    }
    #expect(!lab.run("neuron lif | drive step to=\"\(file)\"").contains("error"))
    #expect(FileManager.default.fileExists(atPath: file))
  }
}
