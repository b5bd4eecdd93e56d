import Foundation
import Testing

/// Data sets of files, frames and augmentation at the prompt.
@Suite struct DataCommandTests {
  /// A folder with data made by the test.
  private final class Place {
    let path = FileManager.default.temporaryDirectory.appending(path: "soma-place-\(UUID().uuidString)").path
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func write(_ bytes: [UInt8], to name: String) throws {
      let url = URL(filePath: "\(path)/\(name)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
  }
  private func cifar10() throws -> Place {
    let place = Place()
    for (number, name) in ((1...5).map { "data_batch_\($0)" } + ["test_batch"]).enumerated() {
      let records = (0..<20).flatMap { k -> [UInt8] in
        let label = k % 10
        return [UInt8(label)] + (0..<3072).map { UInt8(truncatingIfNeeded: $0 / 32 * (label + 1) + number) }
      }
      try place.write(records, to: "cifar10/\(name).bin")
    }
    return place
  }
  private func nmnist() throws -> Place {
    let place = Place()
    for (part, count) in [("Train", 20), ("Test", 10)] {
      for k in 0..<count {
        let row = UInt8(k % 10 * 3)
        let events = (0..<60).flatMap { e -> [UInt8] in
          let column = (e * 7 + k) % 34
          return [UInt8(column), row, e % 2 == 0 ? 0x80 : 0, UInt8(e), 0]
        }
        try place.write(events, to: "nmnist/\(part)/\(k % 10)/\(k + 1).bin")
      }
    }
    return place
  }
  private func lab(_ place: Place) throws -> Lab {
    let lab = try Lab()
    lab.run("set data \"\(place.path)\"; set seed 1;")
    return lab
  }

  @Test func cifar10GoesThroughALine() throws {
    let place = try cifar10(), lab = try lab(place)
    #expect(lab.run("data cifar10") == "dataset cifar10: 100 train, 20 test, 3×32×32, 10 classes\n")
    #expect(
      lab.run("data cifar10 | take train=50 test=10 | split validation=20%")
        == "dataset cifar10: 40 train, 10 validation, 10 test, 3×32×32, 10 classes\n")
    let text = lab.run(
      "data cifar10 | augment shift=4 flip=true cutout=8 | conv 4 kernel=5 | relu | pool 4 | dense 10 | train backprop epochs=1"
    )
    #expect(text.contains("1 epoch of backprop"), "\(text)")
    try place.write([3, 1, 2], to: "cifar10/data_batch_2.bin")
    #expect(
      lab.run("data cifar10") == """
        error[file.truncated]: '\(place.path)/cifar10/data_batch_2.bin' ends too early
         --> input:1:1
        1 | data cifar10
          | ^^^^^^^^^^^^
          = help: copy or fetch it again

        """)
  }
  @Test func recordingsGoThroughALine() throws {
    let place = try nmnist(), lab = try lab(place)
    #expect(lab.run("data nmnist") == "dataset nmnist: 20 train, 10 test, 10×2×34×34, 10 classes\n")
    #expect(
      lab.run("data nmnist bins=4 polarity=signed for=200ms | encode frames").hasPrefix("spikes frames: 4 steps of 1ms")
    )
    let text = lab.run(
      "let net = data nmnist bins=4 | split validation=10% | encode frames | conv 8 kernel=5 | neuron lif | dense 10 | train bptt epochs=1 batch=5; net"
    )
    #expect(text.contains("1 epoch of bptt"), "\(text)")
    #expect(lab.run("net | activity").contains("neuron1"))
    try place.write([1, 2], to: "nmnist/Test/3/77.bin")
    #expect(
      lab.run("data nmnist") == """
        error[file.truncated]: '\(place.path)/nmnist/Test/3/77.bin' ends too early
         --> input:1:1
        1 | data nmnist
          | ^^^^^^^^^^^
          = help: copy or fetch it again

        """)
  }
  @Test func aModelOfFramesComesBackFromItsFile() throws {
    let place = try nmnist(), lab = try lab(place), file = "\(place.path)/frames.soma-model"
    lab.run(
      "let net = data nmnist bins=3 polarity=signed | encode frames | dense 10 | train bptt epochs=1 batch=5; net | save \"\(file)\";"
    )
    let before = lab.run("net | predict"), again = try self.lab(place)
    again.run("let net = load \"\(file)\";")
    #expect(again.run("net | predict") == before && before.contains("answer"))
    // Ternary spikes are still spikes, not numbers.
    #expect(again.run("net | evaluate").contains("synaptic_operations"))
  }
  @Test func whatIsMissingIsTold() throws {
    let environment = ProcessInfo.processInfo.environment
    guard (environment["SOMA_DATA"] ?? "").isEmpty else {
      print("SKIPPED: words for missing data need a place without SOMA_DATA")
      return
    }
    let place = Place(), lab = try lab(place)
    #expect(
      lab.run("data cifar10").hasPrefix(
        "error[data.missing]: the file 'cifar10/data_batch_1.bin' of 'cifar10' is not there"))
    #expect(lab.run("data cifar10").hasSuffix("= help: fetch it with: soma data get cifar10\n"))
    #expect(
      lab.run("data nmnist").hasSuffix(
        "= help: unpack Train.zip and Test.zip of doi:10.17632/468j46mzdv.1 into \(place.path)/nmnist\n"))
  }
  @Test func aFormOfPolarityThatIsNone() throws {
    let place = try nmnist()
    #expect(
      try lab(place).run("data nmnist polarity=both") == """
        error[name.choice]: 'both' is not a choice for 'polarity'
         --> input:1:22
        1 | data nmnist polarity=both
          |                      ^^^^
          = help: there are channels, merged, signed

        """)
  }
  @Test func signedFramesAreNotSpoiltInSilence() throws {
    let place = try nmnist()
    #expect(
      try lab(place).run("data nmnist polarity=signed | corrupt noise").hasPrefix(
        "error[data.range]: values between 0 and 1 can be corrupted, not value -1.0 at index"))
    #expect(try lab(place).run("data nmnist | corrupt missing share=10%").hasPrefix("dataset nmnist"))
  }

  @Test func whatIsNoImageCannotBeMoved() throws {
    let place = Place(), lab = try lab(place)
    try place.write([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6], to: "rows")
    try place.write([0, 0, 8, 1, 0, 0, 0, 2, 0, 1], to: "labels")
    #expect(
      lab.run("data idx images=\"rows\" labels=\"labels\" | augment shift=1") == """
        error[shape.image]: samples of 'idx' are 3, not images that could be moved
         --> input:1:42
        1 | data idx images="rows" labels="labels" | augment shift=1
          |                                          ^^^^^^^^^^^^^^^

        """)
    #expect(
      lab.run("data glyphs samples=20 | augment shift=-1") == """
        error[setting.range]: 'shift' must be between 0 and 10000, not -1
         --> input:1:40
        1 | data glyphs samples=20 | augment shift=-1
          |                                        ^^

        """)
  }
  @Test func theCardTellsWhatIsChanged() throws {
    let text = try Lab().run("let d = data glyphs samples=20 | augment shift=2 flip=true; d")
    #expect(text.contains("  augment   shift=2 flip=true"), "\(text)")
  }
  @Test func augmentationIsForTrainingOnly() throws {
    let lab = try Lab()
    lab.run("set seed 2; let plain = data glyphs samples=200 | split validation=25%;")
    lab.run(
      "let net = plain | augment shift=6 flip=true cutout=14 | dense 20 | relu | dense 10 | train backprop epochs=3;")
    for part in ["train", "validation", "test"] {
      #expect(
        lab.run("net | predict part=\(part)") == lab.run("net | predict part=\(part) data=plain"), "\(part)")
    }
    let other = lab.run("plain | dense 20 | relu | dense 10 | train backprop epochs=3 | predict")
    #expect(lab.run("net | predict") != other)
  }

  @Test func picturesInTheirColours() throws {
    let photos = try cifar10(), lab = try lab(photos)
    lab.run("set color always; set width 80;")
    let photographs = lab.run("data cifar10 | plot images count=2")
    #expect(photographs.contains("38;5;") && photographs.contains("airplane"))
    let events = try nmnist(), other = try self.lab(events)
    other.run("set color always;")
    let frames = other.run("data nmnist bins=3 | plot images count=1")
    #expect(frames.contains("red on, blue off") && frames.contains("t=1") && frames.contains("t=2"))
    #expect(frames.contains("38;5;160;") && frames.contains("38;5;25;"), "\(frames)")
  }
}
