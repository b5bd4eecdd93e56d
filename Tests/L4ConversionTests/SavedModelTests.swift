import Foundation
import Testing

/// Models from a file are converted and answer as they did when they were saved.
@Suite struct SavedModelTests {
  private static func withFile(_ body: (String) throws -> Void) rethrows {
    let file = FileManager.default.temporaryDirectory.appending(path: "l4-\(UUID().uuidString).soma-model").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try body(file)
  }
  @Test func aSavedNetworkIsConvertedAsBefore() throws {
    try Self.withFile { file in
      let first = try Lab()
      first.run(SessionTests.ann)
      first.run("ann | save \"\(file)\";")
      for scheme in ["robust", "l4 mode=neuron", "model", "spike calibration=20 watched=10"] {
        let before = first.run("ann | convert \(scheme) steps=10 | layers")
        let second = try Lab()
        let after = second.run("load \"\(file)\" | convert \(scheme) steps=10 | layers")
        #expect(before.contains("factor") && after == before, "\(scheme): \(after)")
        #expect(second.run("load \"\(file)\" | convert \(scheme) steps=10 | evaluate").contains("accuracy"))
      }
    }
  }
  /// Spikes of a code and of noisy neurons belong to the model, not to the session it is loaded in.
  @Test func theSeedOfTheNoiseIsSaved() throws {
    try Self.withFile { file in
      let first = try Lab()
      first.run("set seed 3\n" + SessionTests.ann)
      first.run("let snn = ann | convert l4 encoder=poisson steps=3; snn | save \"\(file)\";")
      let before = first.run("snn | predict | where sample < 40")
      for seed in [1, 3, 8] {
        let second = try Lab()
        #expect(second.run("set seed \(seed)\nload \"\(file)\" | predict | where sample < 40") == before, "\(seed)")
        #expect(second.run("load \"\(file)\" | predict seed=99 | where sample < 40") != before)
      }
    }
  }
  /// Where the data are gone, only schemes that need them are refused, and say so.
  @Test func dataThatAreGoneAreMissedOnlyWhereNeeded() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let images = folder.appending(path: "a"), labels = folder.appending(path: "b")
    let pixels = (0..<6 * 4).map { UInt8($0 * 40 % 251) }
    try Data([0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 2] + pixels).write(to: images)
    try Data([0, 0, 8, 1, 0, 0, 0, 6, 0, 1, 0, 1, 0, 1]).write(to: labels)
    try Self.withFile { file in
      let lab = try Lab()
      lab.run(
        "data idx images=\"\(images.path)\" labels=\"\(labels.path)\" | dense 5 | relu | dense 2 | train backprop epochs=1 | save \"\(file)\";"
      )
      try FileManager.default.removeItem(at: images)
      let other = try Lab()
      let told = other.run("load \"\(file)\" | convert model steps=5")
      #expect(told.contains("rectifiers became") && told.contains("note[data.none]"), "\(told)")
      #expect(other.run("load \"\(file)\" | convert robust steps=5").contains("error[data.none]"))
    }
  }
}

/// ^C during a conversion.
@Suite struct InterruptedConversionTests {
  @Test(arguments: [
    "data", "robust", "robust per=neuron", "robust percentile=99", "spike calibration=40 watched=20",
    "l4 mode=literal", "l4 mode=equalise", "l4 mode=neuron", "published2015",
  ])
  func nothingIsHalfConverted(_ scheme: String) throws {
    let lab = try Lab()
    lab.run(
      SessionTests.ann.replacing("dense 40", with: "dense 40 bias=false").replacing(
        "dense 10", with: "dense 10 bias=false"))
    let before = lab.run("_ | layers")
    for questions in scheme == "l4 mode=neuron" ? [0, 1] : [0, 1, 2, 3] {
      lab.interrupt(after: questions)
      let told = lab.run("ann | convert \(scheme) steps=5")
      lab.interrupt(after: .max)
      #expect(told == "interrupted\n", "\(scheme) after \(questions): \(told)")
      #expect(lab.run("_ | layers") == before)
    }
    #expect(lab.run("ann | convert \(scheme) steps=5").contains("rectifiers became"))
  }
  /// ^C is asked about many times while much is measured, not only once for a layer.
  @Test func itIsAskedAboutOften() throws {
    for (scheme, least) in [
      ("robust per=neuron", 40), ("spike calibration=400 watched=20", 40), ("l4 mode=literal", 16),
    ] {
      let lab = try Lab()
      lab.run(SessionTests.ann)
      lab.interrupt(after: least)
      #expect(lab.run("ann | convert \(scheme) steps=5") == "interrupted\n", "\(scheme)")
    }
  }
}
