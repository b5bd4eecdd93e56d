import Engine
import Foundation
import Language
import Spiking
import Testing

/// Every example of every manual runs as it stands.
@Suite struct ExampleTests {
  @Test func everyExampleRuns() throws {
    let registry = try Lab().session.registry
    defer { try? FileManager.default.removeItem(atPath: "squares.csv") }
    var told: [String] = []
    for declaration in registry.commands.values.joined().sorted(by: { $0.name < $1.name }) {
      for example in declaration.manual.examples {
        let lab = try Lab()
        if lab.ending(example) != .finished { told.append("\(declaration.name): \(lab.take())") }
      }
    }
    #expect(told == [])
  }
  @Test func everyCommandHasASummaryAndDistinctSettings() throws {
    for declaration in try Lab().session.registry.commands.values.joined() {
      #expect(!declaration.manual.summary.isEmpty && declaration.manual.summary.hasSuffix("."), "\(declaration.name)")
      #expect(Set(declaration.settings.map(\.name)).count == declaration.settings.count, "\(declaration.name)")
      for setting in declaration.settings { #expect(!setting.summary.isEmpty, "\(declaration.name) \(setting.name)") }
    }
  }
  /// Every setting shows up in help, completion and the reference.
  @Test func helpCompletionAndReferenceAgree() throws {
    let lab = try Lab()
    let pages = Dictionary(uniqueKeysWithValues: Documentation.pages(lab.session.registry).map { ($0.name, $0.text) })
    for declaration in lab.session.registry.commands.values.joined() {
      let help = lab.run("help \(declaration.name)")
      let page = pages["\(declaration.verb).md"] ?? ""
      for setting in declaration.settings where !setting.name.hasPrefix("(") {
        #expect(help.contains("\(setting.name)="), "\(declaration.name) \(setting.name)")
        #expect(page.contains("`\(setting.name)`"), "\(declaration.name) \(setting.name)")
      }
    }
  }
}

/// The reference that lies in the repository is the one the declarations make.
@Suite struct ReferenceTests {
  @Test func theReferenceIsUpToDate() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
      .appending(path: "docs/reference")
    let pages = Documentation.pages(try Lab().session.registry)
    for page in pages {
      #expect(
        try page.text == String(contentsOf: folder.appending(path: page.name), encoding: .utf8),
        "\(page.name): run make docs")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(files == pages.map(\.name).sorted())
  }
}

/// What Tab offers, by position.
@Suite struct CompletionTests {
  private func offered(_ text: String, after lines: String = "") throws -> [String] {
    let lab = try Lab()
    lab.run(lines)
    return lab.session.completions(for: text).candidates.map(\.text)
  }
  @Test func verbsAtTheStart() throws {
    #expect(try offered("neu") == ["neuron"])
    #expect(try offered("l") == ["let", "lmu-memory", "load"])
  }
  @Test func verbsThatTakeWhatFlows() throws {
    let after = try offered("neuron lif | ")
    #expect(after.contains("drive") && after.contains("plot"))
    #expect(!after.contains("dense") && !after.contains("data"))
    #expect(try offered("| dr", after: "neuron lif;") == ["drive"])
  }
  @Test func kindsOfAFamily() throws {
    #expect(
      try offered("neuron ") == [
        "adex", "alif", "cuba", "define", "diffusion", "eif", "hodgkin-huxley", "if", "if-once", "izhikevich",
        "lapicque",
        "lif", "lmu-memory", "poisson", "qif", "ternary",
      ])
    #expect(try offered("neuron lif | plot ") == ["basis", "fi", "impulse", "phase", "response", "surrogate"])
    #expect(try offered("let r = neuron lif | drive s") == ["sine", "speech", "spikes", "step"])
  }
  @Test func settingsAndValues() throws {
    #expect(try offered("neuron lif t") == ["tau=", "threshold=", "to="])
    #expect(try offered("neuron lif tau=5ms t") == ["threshold=", "to="])
    #expect(try offered("neuron lif reset=") == ["delayed", "subtract", "zero"])
    #expect(try offered("set st") == ["style"])
    #expect(try offered("set style ") == ["ascii", "blocks", "braille"])
  }
  @Test func boundNamesOfTheRightType() throws {
    let lines = "let cell = neuron lif; let n = 3; let digits = data glyphs;"
    #expect(try offered("neuron ce", after: lines) == ["cell"])
    #expect(try offered("digits | dense 10 | evaluate data=", after: lines) == ["digits"])
    #expect(try offered("digits | dense ", after: lines).contains("n"))
  }
  @Test func layersAndColumns() throws {
    let lines = "let net = data glyphs | dense 10 name=\"first\" | neuron lif;"
    #expect(try offered("net | change ", after: lines).contains("neuron1"))
    #expect(
      try Set(offered("net | layers | sort ", after: lines)).isSuperset(of: [
        "layer", "kind", "output", "parameters", "bytes",
      ]))
  }
}
