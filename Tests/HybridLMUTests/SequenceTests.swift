import Compute
import Foundation
import Laws
import Spiking
import TestSupport
import Testing

@testable import HybridLMU

extension Golden {
  struct Permutations: Decodable { var library_example: [Int], published_experiment: [Int] }
}

/// Images as sequences.
@Suite struct SequenceTests {
  @Test func encodersObeyTheLaws() {
    #expect(checkEncoder(Rows()).broken == [])
    #expect(checkEncoder(Pixels()).broken == [])
    #expect(checkDeclared(Rows.self) == [])
    #expect(checkDeclared(Pixels.self) == [])
  }
  @Test func permutationsArePublished() throws {
    let golden = try Golden.read(Golden.Permutations.self, "permutations")
    #expect(Permutation.published == golden.published_experiment)
    #expect(Permutation.library == golden.library_example)
    #expect(Permutation.published.sorted() == Array(0..<784))
  }
  /// Draws of the generator as its authors published them: seed 5489, the ten thousandth.
  @Test func twisterIsThePublishedOne() {
    var twister = MersenneTwister(seed: 5489)
    for _ in 0..<9999 { _ = twister.next() }
    #expect(twister.next() == 4_123_659_995)
  }
  private func signal(_ encoder: any Encoder, _ shape: Shape, _ values: [Float]) throws -> Signal {
    let bank = SampleBank(shape: shape, labels: [0], floats: values)
    let data = Dataset(name: "toy", classes: ["a"], shape: shape, parts: [.train: .init(bank)])
    return try EncodedData(data, encoder, seed: 1, dt: .ms(1)).clocked([0], .train)
  }
  @Test func rowsOfAllChannelsGoTogether() throws {
    let rows = try signal(Rows(), [2, 2, 3], (0..<12).map(Float.init))
    #expect(rows.steps == 2 && rows.features == [2, 3])
    #expect(rows.values.values == [0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11])
  }
  @Test func pixelsGoOneByOne() throws {
    let pixels = try signal(Pixels(), [2, 1, 2], [1, 2, 3, 4])
    #expect(pixels.steps == 2 && pixels.values.values == [1, 3, 2, 4])
    var permuted = Pixels()
    permuted.order = .psmnist
    let image = try signal(permuted, [28, 28], (0..<784).map(Float.init))
    #expect(image.values.values.map { Int($0) } == Permutation.published)
  }
  /// 28×28 to 8×8: blocks of 3×3 of the central 24×24.
  @Test func imagesAreReducedAroundTheirCentre() throws {
    var reduced = Pixels()
    reduced.side = 8
    let image = try signal(reduced, [28, 28], (0..<784).map { Float($0 / 28 * 100 + $0 % 28) })
    #expect(image.steps == 64)
    // The middle of block (r, c) is pixel (3 + 3r, 3 + 3c).
    for (t, value) in image.values.values.enumerated() {
      #expect(abs(value - Float((3 + 3 * (t / 8)) * 100 + 3 + 3 * (t % 8))) < 1e-3)
    }
  }
  @Test func imagesThatDoNotFitAreRefused() {
    func message(_ shape: Shape, _ change: (inout Pixels) -> Void) -> String {
      var pixels = Pixels()
      change(&pixels)
      do {
        _ = try pixels.code(for: shape, dt: .ms(1))
        return ""
      } catch { return error.message }
    }
    #expect(message([784]) { _ in } == "'pixels' needs images, but samples have the shape 784")
    #expect(message([8, 8]) { $0.order = .psmnist } == "order=psmnist is one of 784 pixels, and these images have 64")
    #expect(message([8, 9]) { $0.side = 4 } == "side=4 needs square images that large, and these are 8×9")
  }
}
