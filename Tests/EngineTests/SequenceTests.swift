import Foundation
import Testing

@testable import Engine

/// What is told about memories, quanta and series that cannot be had.
@Suite struct SequenceDiagnosticTests {
  @Test(arguments: [
    (
      "lmu-memory order=12 window=20ms rule=euler",
      """
      error[memory.unstable]: rule=euler is unstable for order 12 and a window of 20 steps; it needs more than 36.19
       --> input:1:1
      1 | lmu-memory order=12 window=20ms rule=euler
        | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      """
    ),
    (
      "lmu-memory delay=200ms",
      """
      error[setting.refused]: 'delay': 200ms is longer than the window of 100ms
       --> input:1:18
      1 | lmu-memory delay=200ms
        |                  ^^^^^

      """
    ),
    (
      "neuron lif | plot basis",
      """
      error[capability]: 'plot basis' needs a Legendre memory; neuron 'lif' is none
       --> input:1:14
      1 | neuron lif | plot basis
        |              ^^^^^^^^^^
        = help: make one with lmu-memory

      """
    ),
    (
      "neuron lif | drive current=1 | plot reconstruction",
      """
      error[plot.variable]: 'plot reconstruction' needs the recording of a memory
       --> input:1:32
      1 | neuron lif | drive current=1 | plot reconstruction
        |                                ^^^^^^^^^^^^^^^^^^^
        = help: drive one made with lmu-memory

      """
    ),
    (
      "neuron lif | drive current=1 | plot spectrum",
      """
      error[plot.variable]: 'plot spectrum' needs the recording of a neuron that quantises
       --> input:1:32
      1 | neuron lif | drive current=1 | plot spectrum
        |                                ^^^^^^^^^^^^^
        = help: drive one, as in: neuron diffusion omega=4 | drive noise current=0 sd=0.3 for=20s

      """
    ),
    (
      "neuron diffusion | drive current=1 | plot spectrum",
      """
      error[drive.length]: a spectrum in pieces of 512 steps needs a run of 1024, not 100
       --> input:1:38
      1 | neuron diffusion | drive current=1 | plot spectrum
        |                                      ^^^^^^^^^^^^^
        = help: drive it for longer, or take a smaller segment=

      """
    ),
    (
      "data glyphs | encode frames | lmu 10 memory=16 window=20 rule=euler",
      """
      error[memory.unstable]: rule=euler is unstable for order 16 and a window of 20 steps; it needs more than 59.72
       --> input:1:31
      1 | data glyphs | encode frames | lmu 10 memory=16 window=20 rule=euler
        |                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      """
    ),
    (
      "data glyphs | encode frames | lmu 10 encodes=[x x]",
      """
      error[setting.refused]: 'encodes': a letter stands twice
       --> input:1:46
      1 | data glyphs | encode frames | lmu 10 encodes=[x x]
        |                                              ^^^^^

      """
    ),
    (
      "data glyphs | encode frames | lmu 10 window=20ms learn_window=true",
      """
      error[setting.refused]: 'window': with learn_window=true it is given in steps
       --> input:1:45
      1 | data glyphs | encode frames | lmu 10 window=20ms learn_window=true
        |                                             ^^^^

      """
    ),
    (
      "data glyphs | encode pixels side=40",
      """
      error[shape.image]: side=40 needs square images that large, and these are 28×28
       --> input:1:15
      1 | data glyphs | encode pixels side=40
        |               ^^^^^^^^^^^^^^^^^^^^^

      """
    ),
    (
      "data glyphs | dense 10 | convert quantise omega_h=2",
      """
      error[capability]: nothing in this network can send quanta
       --> input:1:26
      1 | data glyphs | dense 10 | convert quantise omega_h=2
        |                          ^^^^^^^^^^^^^^^^^^^^^^^^^^
        = help: lmu layers and diffusion neurons can

      """
    ),
    (
      "data mackey-glass | encode frames | dense 2 | train backprop",
      """
      error[shape.outputs]: 1 number is to be answered, but the network has 2 outputs
       --> input:1:47
      1 | data mackey-glass | encode frames | dense 2 | train backprop
        |                                               ^^^^^^^^^^^^^^
        = help: end it with a layer of 1, as in: dense 1

      """
    ),
    (
      "data mackey-glass | encode direct | dense 1 | train backprop",
      """
      error[capability]: 'backprop' needs a step for each of 1000 answers; the input (direct) has none
       --> input:1:47
      1 | data mackey-glass | encode direct | dense 1 | train backprop
        |                                               ^^^^^^^^^^^^^^

      """
    ),
    (
      "data mackey-glass | encode frames | dense 1 | train bptt loss=rate",
      """
      error[capability]: 'bptt' needs one class per sample, as loss=rate needs; the input (mackey-glass) has none
       --> input:1:47
      1 | data mackey-glass | encode frames | dense 1 | train bptt loss=rate
        |                                               ^^^^^^^^^^^^^^^^^^^^
        = help: trainers for it: backprop, bptt, hybrid

      """
    ),
    (
      "data mackey-glass | encode ttfs | dense 1 | neuron if-once | train s4nn",
      """
      error[capability]: 's4nn' learns one class per sample, and 'mackey-glass' has an answer for every step
       --> input:1:62
      1 | data mackey-glass | encode ttfs | dense 1 | neuron if-once | train s4nn
        |                                                              ^^^^^^^^^^
        = help: trainers for it: backprop, bptt

      """
    ),
    (
      "data glyphs | dense 10 | plot prediction",
      """
      error[plot.numbers]: these data ask for classes, not for numbers
       --> input:1:26
      1 | data glyphs | dense 10 | plot prediction
        |                          ^^^^^^^^^^^^^^^
        = help: for classes there is plot confusion

      """
    ),
    (
      "neuron lif | drive noise band=5Hz tau=5ms",
      """
      error[setting.refused]: 'band': it cannot go with tau
       --> input:1:31
      1 | neuron lif | drive noise band=5Hz tau=5ms
        |                               ^^^

      """
    ),
  ])
  func isToldWhole(_ line: String, _ text: String) throws { #expect(try Lab().run(line) == text) }

  private func columns(_ line: String, after lines: String) throws -> [String] {
    let lab = try Lab()
    lab.run(lines)
    return lab.run(line).split(separator: "\n").first.map { $0.split(separator: " ").map(String.init) } ?? []
  }
  static let network = "let net = data glyphs samples=100 | encode rows | lmu 6 memory=3 window=28 | dense 10;"

  /// Columns of quanta are there where quanta are sent, and under the names that they have everywhere.
  @Test func activityTellsOfQuanta() throws {
    #expect(
      try columns("net | activity samples=2", after: Self.network) == [
        "layer", "neurons", "mean", "sd", "largest", "zero", "silent",
      ])
    let quantised = Self.network + "let net = net | convert quantise omega_m=4;"
    #expect(
      try columns("net | activity samples=2", after: quantised) == [
        "layer", "neurons", "rate", "spikes", "silent", "saturated", "entropy", "levels", "bits", "sig", "pop",
        "density",
        "adds",
      ])
  }
  /// The memory is multiplied, quanta are added, and the numbers of both are those of the formulas.
  @Test func operationsOfAMemoryUnit() throws {
    let lab = try Lab()
    lab.run(Self.network + "let spiking = net | convert quantise omega_h=1 omega_m=4;")
    // 28 steps of q² + q + dx·(n + c), and of n·(n + c) + q·(n + c) where these are numbers.
    let memory = 28 * (9 + 3 + 28 * 7), all = memory + 28 * (6 * 7 + 3 * 7)
    lab.run(
      "let plain = net | operations samples=3 | where layer == lmu1; let quanta = spiking | operations samples=3 | where layer == lmu1;"
    )
    #expect(lab.run("expect max(plain.dense) == \(all)") == "")
    #expect(lab.run("expect max(quanta.multiplications) == \(memory)") == "")
    #expect(lab.run("expect max(quanta.comparisons) == \(28 * 9)") == "")
    #expect(lab.run("expect max(quanta.additions) > 0") == "")
  }
  /// What a training makes of a network is known before it runs.
  @Test func quantaToComeAreKnownInTheCheck() throws {
    let lab = try Lab()
    let line = Self.network.dropLast() + " | train hybrid epochs=1 omega=2 | activity samples=2 | select layer bits"
    #expect(!lab.run(String(line.replacing("let net = ", with: ""))).contains("error"))
    #expect(!lab.run(Self.network + "net | train hybrid epochs=1 omega=2 | plot raster").contains("error"))
  }
  @Test func multiplicationsOfRecurrentLayersCount() throws {
    let lab = try Lab()
    lab.run("let net = data glyphs samples=50 | encode rows | gru 5 | dense 10;")
    // 28 steps of three gates with 28 inputs, 5 units and the state, and the last layer.
    #expect(lab.run("let r = net | evaluate; expect r.multiplications == \(28 * 15 * 34 + 50)") == "")
  }
  @Test func seriesAreEvaluatedByTheirError() throws {
    let lab = try Lab()
    lab.run(
      "let net = data mackey-glass train=4 test=2 length=40 | encode frames | dense 1 | train backprop epochs=2 batch=2;"
    )
    let report = lab.run("net | evaluate")
    #expect(report.split(separator: "\n").first?.split(separator: " ").prefix(2) == ["nrmse", "loss"], "\(report)")
    #expect(
      lab.run("data mackey-glass train=4 test=2 length=40")
        == "dataset mackey-glass: 4 train, 2 test, 40×1, a number at every step\n")
  }
  /// Saved and loaded, a hybrid network answers as before.
  @Test func modelFilesKeepQuanta() throws {
    let lab = try Lab(), file = NSTemporaryDirectory() + "soma-tests-\(UUID().uuidString).soma-model"
    defer { try? FileManager.default.removeItem(atPath: file) }
    lab.run(Self.network + "let net = net | train hybrid epochs=1 omega=2 omega_m=8; net | save \"\(file)\";")
    let other = try Lab()
    other.run("let net = load \"\(file)\";")
    for look in ["layers", "predict data=(data glyphs samples=50)"] {
      #expect(lab.run("net | \(look)") == other.run("net | \(look)"))
    }
    #expect(lab.run("net | layers").contains("omega_h=2 omega_m=8"))
  }
}
