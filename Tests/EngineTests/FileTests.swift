import Engine
import Foundation
import Testing

/// Files: what is written is read back, and damage is told, never suffered.
@Suite struct FileTests {
  private static func folder() throws -> String {
    let path = NSTemporaryDirectory() + "soma-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }
  private static let training =
    "data glyphs samples=100 | encode direct steps=3 | dense 12 | neuron lif tau=5ms | dense 10 | train bptt epochs=2"

  @Test func aModelComesBackWithTheSameBits() throws {
    let lab = try Lab(), file = try Self.folder() + "/net.soma-model"
    lab.run("set precision 15; let net = \(Self.training); net | save \"\(file)\";")
    let other = try Lab()
    other.run("set precision 15; let net = load \"\(file)\";")
    for look in ["net | layers", "net | history | select epoch loss accuracy", "net | weights dense2"] {
      #expect(lab.run(look) == other.run(look))
    }
    #expect(
      lab.run("net | predict data=(data glyphs samples=100)")
        == other.run("net | predict data=(data glyphs samples=100)"))
  }
  @Test func trainingGoesOnFromAFileToTheSameBits() throws {
    let lab = try Lab(), file = try Self.folder() + "/net.soma-model"
    lab.run(
      "set precision 15; let net = \(Self.training); net | save \"\(file)\"; let more = net | train bptt epochs=1;")
    let other = try Lab()
    other.run("set precision 15; let more = load \"\(file)\" | train bptt epochs=1 data=(data glyphs samples=100);")
    #expect(lab.run("more | weights dense2") == other.run("more | weights dense2"))
    #expect(lab.run("more | history | select loss") == other.run("more | history | select loss"))
  }
  @Test func aModelFromAFileMakesItsDataAgainAndTellsItsRecipe() throws {
    let lab = try Lab(), file = try Self.folder() + "/net.soma-model"
    let made = "data glyphs samples=n | take train=60 | encode direct steps=3 | dense 10 | train bptt epochs=1"
    lab.run("set seed 5; let n = 100; let net = \(made); net | save \"\(file)\";")
    let other = try Lab()
    other.run("let n = 4; let net = load \"\(file)\";")
    #expect(other.run("net | predict") == lab.run("net | predict"))
    #expect(other.run("net | recipe") == "# soma \(Version.current)\nset seed 5\nset dt 1ms\nlet n = 100\n\(made)\n")
    let again = try Lab()
    again.run(other.run("net | recipe"))
    #expect(again.run("_ | weights dense1") == lab.run("net | weights dense1"))
    other.run("set seed 5; net | train bptt epochs=1; _ | save \"\(file)\";")
    #expect(try Lab().run("load \"\(file)\" | recipe").hasSuffix("\(made) | train bptt epochs=1\n"))
    #expect(try Lab().run("load \"\(file)\" | predict | rows 0").contains("sample"))
  }
  /// A file is no program: lines that would write are not carried out.
  @Test func aModelFileRunsNothing() throws {
    let lab = try Lab(), folder = try Self.folder(), file = folder + "/net.soma-model"
    lab.run(
      "let net = data glyphs samples=50 to=\"\(folder)/made.soma\" | encode ttfs | dense 10; net | save \"\(file)\";")
    try FileManager.default.removeItem(atPath: folder + "/made.soma")
    #expect(lab.run("load \"\(file)\" | predict").contains("error[data.none]: this model has no data of its own"))
    #expect(!FileManager.default.fileExists(atPath: folder + "/made.soma"))
  }
  @Test func withoutItsTrainingABitTakesABit() throws {
    let lab = try Lab(), folder = try Self.folder()
    lab.run(
      "let net = data glyphs samples=100 | encode ttfs | mlp 80 10 neuron=if-once weights=binary | train bs4nn epochs=1"
    )
    lab.run("net | save \"\(folder)/full.soma-model\" | save \"\(folder)/bits.soma-model\" training=false;")
    let size = { (name: String) in
      try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int ?? 0
    }
    #expect(try size("full.soma-model") > 4 * 784 * 80)
    #expect(try size("bits.soma-model") < (784 * 80 + 800) / 8 + 2500)
    let look =
      "let net = load \"\(folder)/bits.soma-model\"; net | predict data=(data glyphs samples=100) | select answer decision_time"
    #expect(
      lab.run("net | predict data=(data glyphs samples=100) | select answer decision_time") == (try Lab().run(look)))
  }
  @Test func spikeTimeTrainingGoesOnToTheSameBits() throws {
    let lab = try Lab(), file = try Self.folder() + "/net.soma-model"
    let start = "data glyphs samples=100 | encode ttfs | mlp 40 10 neuron=if-once weights=binary"
    lab.run("let net = \(start) | train bs4nn epochs=2; net | save \"\(file)\"; let more = net | train bs4nn epochs=1;")
    let other = try Lab()
    other.run("let more = load \"\(file)\" | train bs4nn epochs=1 data=(data glyphs samples=100);")
    #expect(lab.run("set precision 15; more | weights dense2") == other.run("set precision 15; more | weights dense2"))
    #expect(lab.run("more | history | select accuracy flips") == other.run("more | history | select accuracy flips"))
  }
  @Test func damageIsTold() throws {
    let lab = try Lab(), folder = try Self.folder(), good = folder + "/good.soma-model",
      bad = folder + "/bad.soma-model"
    lab.run("let net = data glyphs samples=50 | dense 10 | train bptt epochs=1; net | save \"\(good)\"; let kept = 5;")
    let bytes = try Data(contentsOf: URL(filePath: good))
    for cut in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
      try bytes.prefix(cut).write(to: URL(filePath: bad))
      #expect(lab.run("let x = load \"\(bad)\"").hasPrefix("error[file."), "cut at \(cut)")
    }
    for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 100)) {
      var changed = bytes
      changed[place] ^= 0x10
      try changed.write(to: URL(filePath: bad))
      #expect(lab.run("let x = load \"\(bad)\"").hasPrefix("error["), "byte \(place)")
    }
    try (bytes + Data([10])).write(to: URL(filePath: bad))
    #expect(lab.run("let x = load \"\(bad)\"").contains("something follows its end"))
    #expect(lab.run("kept") == "5\n")
    #expect(lab.run("x").hasPrefix("error[name.unknown]"))
  }
  @Test func foreignAndMissingFilesAreTold() throws {
    let lab = try Lab(), folder = try Self.folder()
    try Data("hello\n".utf8).write(to: URL(filePath: folder + "/a.soma-model"))
    try Data("hello\n".utf8).write(to: URL(filePath: folder + "/a.soma-neuron"))
    try Data([0xFF, 0xFE, 0x00]).write(to: URL(filePath: folder + "/a.csv"))
    try Data("a,b\n1\n".utf8).write(to: URL(filePath: folder + "/b.csv"))
    #expect(lab.run("load \"\(folder)/a.soma-model\"").contains("is not a model of Soma"))
    #expect(lab.run("load \"\(folder)/a.soma-neuron\"").contains("is not a neuron of Soma"))
    #expect(lab.run("load \"\(folder)/a.csv\"").contains("is not a text in UTF-8"))
    #expect(lab.run("load \"\(folder)/b.csv\"").contains("line 2 of"))
    #expect(lab.run("load \"\(folder)/c.csv\"").contains("there is no file"))
    #expect(lab.run("neuron lif | save \"\(folder)/x.csv\"").contains("a .csv file holds"))
    #expect(lab.run("neuron lif | save \"\(folder)/x.doc\"").contains("has no ending that tells what to write"))
    #expect(lab.run("neuron lif | save \"\(folder)/none/x.soma-neuron\"").contains("there is no folder"))
    #expect(lab.run("neuron lif | drive | plot membrane to=\"/dev/full/x.png\"").hasPrefix("error[file"))
  }
  @Test func tablesAndReportsAreWritten() throws {
    let lab = try Lab(), folder = try Self.folder()
    lab.run("sweep n 1..2 { n * 1ms } | save \"\(folder)/t.csv\" | save \"\(folder)/t.json\";")
    #expect(try String(contentsOfFile: folder + "/t.csv", encoding: .utf8) == "n,value\r\n1,0.001\r\n2,0.002\r\n")
    #expect(
      try String(contentsOfFile: folder + "/t.json", encoding: .utf8)
        == "[\n  {\"n\": 1, \"value\": 0.001},\n  {\"n\": 2, \"value\": 0.002}\n]\n")
    lab.run("neuron lif | drive current=2 | measure to=\"\(folder)/r.json\"")
    let json =
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: folder + "/r.json"))) as? [String: Any]
    #expect(json?["spikes"] as? Int == 7)
    lab.run("[1 2 3] | save \"\(folder)/a.npy\"")
    let numpy = try Data(contentsOf: URL(filePath: folder + "/a.npy"))
    #expect(numpy.count == 128 + 24 && numpy.prefix(6) == Data([0x93]) + Data("NUMPY".utf8))
  }
  @Test func nothingIsLeftBehind() throws {
    let lab = try Lab(), folder = try Self.folder()
    lab.run("neuron lif | save \"\(folder)/x.soma-neuron\"; neuron lif | drive | plot membrane to=\"\(folder)/x.png\"")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["x.png", "x.soma-neuron"])
    #expect(lab.run("load \"\(folder)/x.soma-neuron\" | drive current=2 | measure").contains("spikes"))
  }
  @Test func figuresAreNotDrawnTwice() throws {
    let lab = try Lab(), folder = try Self.folder()
    #expect(
      lab.run("neuron lif | drive | plot membrane to=\"\(folder)/x.png\"")
        == "wrote \(folder)/x.png, 1600×1000 pixels\n")
  }
}
