import Foundation
import Testing

@testable import Plotting

@Suite("Figures as pictures")
struct PictureTests {
  @Test("every kind, pixel by pixel", arguments: Samples.all.map(\.name))
  func kinds(name: String) throws {
    var figure = try #require(Samples.all.first { $0.name == name }?.figure)
    figure.size = .init(width: 300, height: 200)
    let file = try figure.png(scale: 1)
    guard let reference = References.content(name + ".png", recording: Data(file)) else { return }
    let (drawn, expected) = (try PNGDecoder(file), try PNGDecoder(Array(reference)))
    #expect(drawn.width == expected.width && drawn.height == expected.height)
    let different = zip(drawn.pixels, expected.pixels).count { $0 != $1 }
    #expect(different == 0, "\(different) of \(drawn.pixels.count) bytes differ")
  }

  @Test func everyCharacterIsDrawn() throws {
    let printable: [Character] = (33...126 as ClosedRange<UInt8>).map { Character(Unicode.Scalar($0)) }
    let others: [Character] = Array("αβγδεζηθικλμνξοπρςστυφχψωΓΔΘΛΞΠΣΦΨΩ−×·±≤≥µ°√∂∞→²³⁻₀₁₂₃₄₅₆₇₈₉≈≠…–")
    for character in printable + others {
      let glyph = try #require(StrokeFont.glyphs[character], "\(character)")
      #expect(!glyph.strokes.isEmpty && glyph.advance > 0)
      let xs = glyph.strokes.joined().map(\.x)
      #expect((xs.min() ?? -9) >= -0.1 && (xs.max() ?? 99) <= glyph.advance + 0.1, "\(character)")
      let ys = glyph.strokes.joined().map(\.y)
      #expect((ys.min() ?? -9) >= -4.5 && (ys.max() ?? 99) <= 16, "\(character)")
    }
  }

  @Test func nothingTouchesTheEdge() throws {
    for (name, figure) in Samples.all {
      let canvas = figure.drawn(scale: 1).canvas
      for column in 0..<canvas.width {
        for row in [0, canvas.height - 1] {
          #expect(canvas.pixels[3 * (row * canvas.width + column)] == 255, "\(name)")
        }
      }
      for row in 0..<canvas.height {
        for column in [0, canvas.width - 1] {
          #expect(canvas.pixels[3 * (row * canvas.width + column)] == 255, "\(name)")
        }
      }
    }
  }

  @Test func theStandardPictureIsTwiceAsDense() throws {
    let picture = try PNGDecoder(Figure(Panel(marks: [])).png())
    #expect(picture.width == 1600 && picture.height == 1000)
    #expect(picture.pixelsPerMetre == 5669)
    #expect(picture.names == ["IHDR", "pHYs", "PLTE", "IDAT", "IEND"])
  }
}

@Suite("PNG")
struct PNGTests {
  private func noise(_ count: Int) -> [UInt8] {
    var generator = Generator(state: 11)
    return (0..<count).map { _ in UInt8(generator.next() * 256) }
  }

  @Test("decoding gives the pixels back", arguments: [(1, 1), (3, 2), (17, 9), (64, 64)])
  func roundTrip(width: Int, height: Int) throws {
    let pixels = noise(3 * width * height)
    let picture = try PNGDecoder(PNGEncoder(scale: 2).encode(width: width, height: height, pixels: pixels))
    #expect(picture.width == width && picture.height == height && picture.pixels == pixels)
  }

  @Test func smoothPicturesAreFiltered() throws {
    let pixels = (0..<64 * 64).flatMap { (index: Int) -> [UInt8] in
      let (across, down) = (index % 64 * 4, index / 64 * 4)
      return [UInt8(across), UInt8(down), 7]
    }
    let file = try PNGEncoder().encode(width: 64, height: 64, pixels: pixels)
    #expect(try PNGDecoder(file).pixels == pixels)
    #expect(file.count < 1500)
  }

  @Test func damageIsSeenByTheDecoder() throws {
    var file = try PNGEncoder().encode(width: 4, height: 4, pixels: noise(48))
    file[file.count / 2] ^= 1
    #expect(throws: (any Error).self) { try PNGDecoder(file) }
  }

  @Test func wrongSizesAreRefused() {
    #expect(throws: PlotProblem.unusableSize(width: 2, height: 2)) {
      try PNGEncoder().encode(width: 2, height: 2, pixels: [0, 0, 0])
    }
    #expect(throws: PlotProblem.self) { try PNGEncoder().encode(width: 0, height: 0, pixels: []) }
  }
}
