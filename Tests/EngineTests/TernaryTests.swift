import Foundation
import Testing

@testable import Engine

/// Branches, folding and what is told when they cannot be had.
@Suite struct BranchDiagnosticTests {
  @Test(arguments: [
    (
      "data glyphs | conv 4 | residual { | evaluate }",
      """
      error[residual.block]: the block gives a report, not layers
       --> input:1:24
      1 | data glyphs | conv 4 | residual { | evaluate }
        |                        ^^^^^^^^^^^^^^^^^^^^^^^
        = help: write residual { | conv 8 kernel=3 | batchnorm }

      """
    ),
    (
      "data glyphs | residual",
      """
      error[residual.block]: 'residual' needs a block of layers
       --> input:1:15
      1 | data glyphs | residual
        |               ^^^^^^^^
        = help: write residual { | conv 8 kernel=3 | batchnorm }

      """
    ),
    (
      "data glyphs | conv 4 | residual { | conv 8 padding=valid }",
      """
      error[shape.residual]: no shortcut leads from 4×28×28 to 8×26×26: the branch must keep the image or divide it evenly
       --> input:1:24
      1 | data glyphs | conv 4 | residual { | conv 8 padding=valid }
        |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      """
    ),
    (
      "data glyphs | conv 4 | residual { data glyphs | conv 4 }",
      """
      error[residual.block]: the block makes another network instead of adding layers to the one that flows in
       --> input:1:24
      1 | data glyphs | conv 4 | residual { data glyphs | conv 4 }
        |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        = help: begin it with a bar, as in { | conv 8 kernel=3 }

      """
    ),
    (
      "data glyphs | augment shift=28",
      """
      error[shape.image]: shift=28 would leave nothing of images of 28×28
       --> input:1:15
      1 | data glyphs | augment shift=28
        |               ^^^^^^^^^^^^^^^^
        = help: choose less than 28

      """
    ),
    (
      "data glyphs | conv 4 | relu | residual { | conv 4 | relu } | dense 10 | convert data",
      """
      error[convert.unsupported-layer]: layer 4, 'sum1' (sum), adds a residual branch
       --> input:1:73
      1 | data glyphs | conv 4 | relu | residual { | conv 4 | relu } | dense 10 | convert data
        |                                                                         ^^^^^^^^^^^^
        = help: train a network without residual blocks; rates of the two paths would need one scale

      """
    ),
  ]) func tells(_ typed: String, _ expected: String) throws { #expect(try Lab().run(typed) == expected) }

  /// A network with a branch comes back from its file with the same answers, folded or not.
  @Test(arguments: ["net", "net | fold"]) func branchesAreSavedAndLoaded(_ model: String) throws {
    let lab = try Lab(), file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).soma-model").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    lab.run(
      "let net = data glyphs | take train=100 test=20 | encode direct steps=2 | conv 4 stride=2 | neuron ternary amplitude=trainable | residual { | conv 6 stride=2 | batchnorm } | neuron ternary amplitude=trainable | dense 10 | train bptt epochs=1 readout=membrane;"
    )
    let answers = lab.run("\(model) | predict"), layers = lab.run("\(model) | layers")
    lab.run("\(model) | save \"\(file)\";")
    #expect(lab.run("load \"\(file)\" | predict") == answers && answers.contains("answer"), "\(answers)")
    #expect(lab.run("load \"\(file)\" | layers") == layers && layers.contains("sum1"), "\(layers)")
  }
}
