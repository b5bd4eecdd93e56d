import Foundation
import Testing

/// What is told, and what is refused, wherever in a line it is met.
@Suite struct RemarkTests {
  private func lab() throws -> Lab {
    let lab = try Lab()
    lab.run(SessionTests.ann)
    return lab
  }
  @Test func warningsAreToldWhereverTheLineGoesOn() throws {
    let lab = try lab()
    for rest in ["", " | evaluate", " | curve"] {
      let text = lab.run("ann | convert robust percentile=0.999 steps=5\(rest)")
      #expect(text.contains("note[convert.warning]: percentile=0.999 is below 1"), "\(rest): \(text)")
      #expect(!text.contains("\nwarning: "))
    }
  }
  @Test func layersOfAFileAreKnownWhenItIsRead() throws {
    let lab = try lab(), file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).soma-model").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    lab.run("ann | save \"\(file)\"")
    let text = lab.run(
      "let again = load \"\(file)\"; let s = again | convert robust steps=5; s | change relu1 threshold=2 | layers")
    #expect(!text.contains("error["), "\(text)")
    // A setting that no layer has is refused all the same.
    let wrong = lab.run("let more = load \"\(file)\"; let t = more | convert robust steps=5; t | change relu1 weight=2")
    #expect(wrong.contains("error[setting.unknown]"), "\(wrong)")
  }
  @Test(arguments: [
    ("show=mean prediction=l4", "show=mean knows no other prediction"),
    ("show=spikes prediction=l2", "show=spikes knows only bernoulli, poisson"),
    ("show=second prediction=bound", "show=second knows only bernoulli, independent"),
    ("prediction=independent", "show=deviation knows only bernoulli, poisson, l2, l3, l4, bound"),
  ]) func predictionsBelongToWhatIsShown(_ settings: String, _ words: String) throws {
    let text = try lab().run("ann | convert robust steps=5 | plot membrane-theory trials=3 \(settings)")
    #expect(text.contains("error[") && text.contains(words), "\(text)")
  }
  @Test func spitzersIdentityIsAboutSoftResets() throws {
    let text = try lab().run("ann | convert robust reset=hard steps=5 | plot membrane-theory trials=3 show=spikes")
    #expect(text.contains("Spitzer's identity is about soft resets"), "\(text)")
  }
  @Test func aBoundHasNoShareOfVariance() throws {
    let lab = try lab()
    #expect(lab.run("ann | convert robust steps=5 | plot membrane-theory trials=3").contains("R² = "))
    #expect(!lab.run("ann | convert robust steps=5 | plot membrane-theory trials=3 prediction=bound").contains("R² = "))
  }
  @Test func testSamplesAreNotLearntInSilence() throws {
    let text = try Lab().run("data glyphs samples=60 | take train=0 test=50 | dense 10 | train backprop epochs=1")
    #expect(text.contains("note[data.test]: there is no training part: it learns from the test samples"), "\(text)")
  }
  @Test func valuesAreNoSpikes() throws {
    let text = try Lab().run("data glyphs samples=50 | encode analog | plot raster sample=1")
    #expect(text.contains("error[capability]: encode analog sends values, no spikes"), "\(text)")
  }
}
