import Accelerated
import Compute
import Laws
import TestSupport
import Testing

@testable import Spiking

@Suite struct AugmentationTests {
  private let shape: Shape = [2, 5, 4]
  private var sample: [Float] { (0..<40).map { Float($0 + 1) } }

  private func changed(_ augmentation: Augmentation, _ sample: [Float], _ shape: Shape, _ draw: Int) -> [Float] {
    var result = [Float](repeating: -1, count: sample.count)
    augmentation.apply(sample, shape, into: &result, random: RandomStream(seed: 9).child(draw))
    return result
  }
  private func applied(_ draw: Augmentation.Draw, _ plane: [Int], _ height: Int, _ width: Int) -> [Int] {
    var result = [Int](repeating: -1, count: plane.count)
    draw.apply(plane, height, width, into: &result)
    return result
  }

  @Test func allOffChangesNothing() {
    #expect(Augmentation().isNone && !Augmentation(flip: true).isNone)
    for draw in 0..<10 { #expect(changed(Augmentation(), sample, shape, draw) == sample) }
  }
  @Test func flippedTwiceItIsItself() {
    let plane = Array(1...20), flip = Augmentation.Draw(isFlipped: true), once = applied(flip, plane, 5, 4)
    #expect(Array(once.prefix(4)) == [4, 3, 2, 1])
    #expect(applied(flip, once, 5, 4) == plane)
    let flips = (0..<400).count { changed(Augmentation(flip: true), sample, shape, $0) != sample }
    #expect((150...250).contains(flips))
  }
  /// Moved by shift=4, an image is a crop of the image padded with 4 zeros.
  @Test func shiftsAreCropsOfPaddedImages() {
    let (height, width, pad) = (5, 7, 4), plane = Array(1...35)
    var padded = [Int](repeating: 0, count: (height + 2 * pad) * (width + 2 * pad))
    for y in 0..<height {
      for x in 0..<width { padded[(y + pad) * (width + 2 * pad) + x + pad] = plane[y * width + x] }
    }
    for dy in -pad...pad {
      for dx in -pad...pad {
        let crop = (0..<height * width).map {
          padded[($0 / width + pad - dy) * (width + 2 * pad) + $0 % width + pad - dx]
        }
        #expect(applied(Augmentation.Draw(dy: dy, dx: dx), plane, height, width) == crop)
      }
    }
    let draws = (0..<2000).map { Augmentation(shift: 4).draw(height: 5, width: 7, RandomStream(seed: 1).child($0)) }
    #expect(Set(draws.map { 9 * $0.dy + $0.dx }).count == 81 && draws.allSatisfy { abs($0.dy) <= 4 && abs($0.dx) <= 4 })
    #expect(applied(Augmentation.Draw(dy: 30, dx: -30), plane, height, width) == [Int](repeating: 0, count: 35))
  }
  /// A square of side s has s² pixels, less what lies outside; in all channels the same.
  @Test func cutoutSetsASquareToZero() {
    for side in 1...5 {
      var counts: Set<Int> = []
      for draw in 0..<200 {
        let result = changed(Augmentation(cutout: side), sample, shape, draw)
        let zeros = (0..<20).filter { result[$0] == 0 }
        #expect(zeros == (0..<20).filter { result[20 + $0] == 0 })
        #expect((0..<40).allSatisfy { result[$0] == 0 || result[$0] == sample[$0] })
        let rows = Set(zeros.map { $0 / 4 }), columns = Set(zeros.map { $0 % 4 })
        #expect(zeros.count == rows.count * columns.count)
        #expect((rows.max() ?? 0) - (rows.min() ?? 0) + 1 == rows.count)
        counts.insert(zeros.count)
      }
      let least = (side + 1) / 2
      #expect(counts.min() ?? 0 >= least * least && counts.max() == min(side, 5) * min(side, 4))
    }
    #expect(changed(Augmentation(cutout: 100), sample, shape, 1).allSatisfy { $0 == 0 })
  }
  @Test func shapesThatAreImages() {
    let shapes: [Shape] = [[7], [6, 8], [3, 32, 32], [10, 2, 34, 34], [1, 1, 1, 1, 1]]
    #expect(shapes.map(Augmentation.fits) == [false, true, true, true, false])
  }
  @Test func itsText() {
    #expect(Augmentation(shift: 4, flip: true, cutout: 8).text == "shift=4 flip=true cutout=8")
    #expect(Augmentation().text == "")
  }

  private func augmented(_ augmentation: Augmentation, _ encoder: any Encoder = Direct(steps: 2)) throws -> EncodedData
  {
    var data = Toy.bands(count: 30).splitting(validation: 0.2, random: RandomStream(seed: 1))
    data.augmentation = augmentation
    return try EncodedData(data, encoder, seed: 4, dt: .ms(1))
  }
  @Test func onlyATrainingSeesIt() throws {
    let data = try augmented(Augmentation(shift: 2, flip: true, cutout: 3)), plain = try augmented(Augmentation())
    let draws = RandomStream(seed: 3), all = Array(0..<24)
    for part in Part.allCases {
      let some = Array(0..<data.count(part))
      #expect(data.clocked(some, part).values == plain.clocked(some, part).values)
    }
    let shown = data.clocked(all, .train, augmentedBy: draws).values
    #expect(shown != plain.clocked(all, .train).values)
    #expect(plain.clocked(all, .train, augmentedBy: draws).values == plain.clocked(all, .train).values)
    #expect(data.clocked(all, .train, augmentedBy: draws).values == shown)
    #expect(data.clocked(all, .train, augmentedBy: draws.child(1)).values != shown)
    let machine = Machine(backend: Native(), threads: 2)
    #expect(data.clocked(all, .train, augmentedBy: draws, machine: machine).values == shown)
    let alone = data.clocked([7], .train, augmentedBy: draws).values
    #expect(alone.values == Array(shown.values[7 * 48..<8 * 48]))
  }
  /// Bytes, numbers and floats are changed alike, and so are spike times.
  @Test func everyFormOfSamplesIsChangedAlike() throws {
    let shape: Shape = [6, 4], n = 5, zeroOrFull = (0..<n * 24).map { $0 % 5 < 2 ? 1 : 0 }
    func data(_ bank: SampleBank, _ encoder: any Encoder) throws -> EncodedData {
      var data = Dataset(name: "x", classes: ["a"], shape: shape, parts: [.train: .init(bank)])
      data.augmentation = Augmentation(shift: 2, flip: true, cutout: 3)
      return try EncodedData(data, encoder, seed: 1, dt: .ms(1))
    }
    let labels = [Int](repeating: 0, count: n), draws = RandomStream(seed: 5), all = Array(0..<n)
    let banks = [
      SampleBank(shape: shape, labels: labels, bytes: zeroOrFull.map { UInt8(255 * $0) }),
      SampleBank(shape: shape, labels: labels, numbers: zeroOrFull.map { Int8($0) }),
      SampleBank(shape: shape, labels: labels, floats: zeroOrFull.map { Float($0) }),
    ]
    let shown = try banks.map { try data($0, Direct()).clocked(all, .train, augmentedBy: draws).values }
    #expect(shown[0] == shown[1] && shown[1] == shown[2])
    for bank in banks {
      let encoded = try data(bank, Early()), times = try #require(encoded.times(all, .train, augmentedBy: draws))
      let signal = encoded.clocked(all, .train, augmentedBy: draws)
      for s in all { #expect(SpikeRaster(times, sample: s) == SpikeRaster(signal, sample: s)) }
      #expect(times != encoded.times(all, .train))
    }
  }
  @Test func viewsKeepIt() throws {
    var data = Toy.bands(count: 30)
    data.augmentation.shift = 3
    data.alphabet = .binary
    let random = RandomStream(seed: 1)
    let views = [
      data.taking(train: 4), data.sampled(3, random: random), data.splitting(validation: 0.3, random: random),
      data.filtered { index, _, _ in index < 4 },
    ]
    for view in views { #expect(view.augmentation.shift == 3 && view.alphabet == .binary) }
  }
}

@Suite struct FramesTests {
  private func data(_ numbers: [Int8], _ shape: Shape, _ alphabet: Alphabet) -> Dataset {
    let bank = SampleBank(shape: shape, labels: [0], numbers: numbers)
    return Dataset(name: "x", classes: ["a"], shape: shape, alphabet: alphabet, parts: [.test: .init(bank)])
  }
  @Test func lawsHold() {
    #expect(checkEncoder(Frames()).broken == [])
    #expect(checkDeclared(Frames.self) == [])
  }
  @Test func framesAreShownAsTheyAre() throws {
    let numbers: [Int8] = [0, 1, -1, 0, 1, 1, -1, -1, 0, 0, 1, 0]
    for alphabet in [Alphabet.ternary, .graded] {
      let encoded = try EncodedData(data(numbers, [3, 2, 2], alphabet), Frames(), seed: 1, dt: .ms(1))
      let signal = encoded.clocked([0], .test)
      #expect(signal.values.values == numbers.map(Float.init))
      #expect(signal.steps == 3 && signal.features == [2, 2] && !signal.isConstant && signal.alphabet == alphabet)
      #expect(encoded.decoded(machine: Machine())?[.test]?.sample(0) == numbers.map(Float.init))
      #expect(encoded.decoded(machine: Machine())?.alphabet == alphabet)
    }
    // Other codes do not show the values themselves.
    #expect(try EncodedData(data(numbers, [12], .ternary), Direct(), seed: 1, dt: .ms(1)).code.alphabet == .graded)
  }
  @Test func oneFrameIsNoSequence() {
    #expect(
      throws: ShapeError(
        code: "shape.frames", message: "'frames' needs samples of several frames, but they have the shape 7")
    ) { try Frames().code(for: [7], dt: .ms(1)) }
  }
  @Test func numbersStandForThemselves() {
    let bank = SampleBank(shape: [2], labels: [0, 1], numbers: [-128, 127, 0, -1])
    #expect(bank.sample(0) == [-128, 127] && bank.sample(1) == [0, -1])
    #expect(bank.withBytes(0) { _ in } == nil)
    let data = Dataset(name: "x", classes: ["a", "b"], shape: [2], parts: [.test: .init(bank)])
    #expect(data.firstValue(outside: 0...1)?.value == -128)
  }
}
