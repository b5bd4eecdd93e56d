import Testing

@testable import Plotting

@Suite("Ticks and numbers")
struct TickTests {
  private func labels(_ range: ClosedRange<Double>, atMost count: Int = 6, _ axis: Axis = Axis()) -> [String] {
    let scale = Scale(range, logarithmic: axis.scale == .logarithmic)
    return Ticks(axis: axis, scale: scale).candidates(atMost: count).map(\.label).filter { !$0.isEmpty }
  }

  @Test func labelsShareTheirDecimals() {
    #expect(labels(0...1) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(-1.5...1.5, atMost: 4) == ["−1", "0", "1"])
    #expect(labels(-0.3...0.3) == ["−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3"])
    #expect(labels(0...20_000, atMost: 5) == ["0", "5000", "10\u{2009}000", "15\u{2009}000", "20\u{2009}000"])
    #expect(labels(0...4e6, atMost: 4) == ["0", "1M", "2M", "3M", "4M"])
    #expect(labels(0...2e-5, atMost: 2) == ["0", "1×10⁻⁵", "2×10⁻⁵"])
    #expect(labels(0...3, atMost: 12, Axis(wholeNumbers: true)) == ["0", "1", "2", "3"])
  }

  @Test func logarithmicTicksAreDecades() {
    let axis = Axis(scale: .logarithmic)
    #expect(labels(0.01...1000, axis) == ["0.01", "0.1", "1", "10", "100", "1000"])
    #expect(labels(1e-9...1, atMost: 4, axis) == ["10⁻⁹", "10⁻⁶", "0.001", "1"])
    #expect(labels(1...8, axis) == ["1", "2", "5"])
  }

  @Test("steps are 1, 2 or 5 times a power of ten and at most as many as asked", arguments: 1...12)
  func steps(count: Int) {
    for exponent in -12...12 {
      for mantissa in [1.0, 1.7, 3.3, 9.99] {
        let span = mantissa * Double.tenTo(exponent)
        let step = TickStep(span: span, atMost: count)
        #expect([1, 2, 5].contains(step.mantissa))
        #expect(span / step.size <= Double(count) * (1 + 1e-6))
        #expect(span / step.size >= Double(count) / 2.5 * (1 - 1e-6))
      }
    }
  }

  @Test("labels never touch", arguments: [30.0, 60, 100, 250, 1000])
  func fitting(length: Double) {
    for range in [0.0...1, -1e5...1e5, 0...1e-7, 3...3.001] {
      let scale = Scale(range)
      let ticks = Ticks(axis: Axis(), scale: scale).fitting(length, atMost: 30, gap: 4) { Double($0.count) * 6 }
      for (a, b) in zip(ticks, ticks.dropFirst()) {
        let distance = (scale.fraction(b.value) - scale.fraction(a.value)) * length
        #expect(distance >= Double(a.label.count + b.label.count) * 3 + 4 - 1e-6)
      }
    }
  }

  @Test func numbers() {
    #expect(NumberText.fixed(-0.04, decimals: 1) == "0.0")
    #expect(NumberText.fixed(-1.25, decimals: 1) == "−1.3")
    #expect(NumberText.fixed(1_234_567, decimals: 0) == "1\u{2009}234\u{2009}567")
    #expect(NumberText.short(0.5) == "0.5")
    #expect(NumberText.short(2.4) == "2.4")
    #expect(NumberText.short(1e-7) == "1.0×10⁻⁷")
    #expect(NumberText.superscript(-12) == "⁻¹²")
    #expect(ASCIIText.spelt("2×10⁻⁵ µs, θ ≥ 1") == "2x10^-5 us, theta >= 1")
  }

  @Test func scaleGoesBothWays() {
    for scale in [Scale(-3...7), Scale(0.01...100, logarithmic: true), Scale(1...2, reversed: true)] {
      for fraction in [0.0, 0.25, 0.5, 1] {
        #expect(abs(scale.fraction(scale.value(at: fraction)) - fraction) < 1e-12)
      }
    }
  }
}
