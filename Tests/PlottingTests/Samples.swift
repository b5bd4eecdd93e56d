import Plotting

/// Figures of every kind, as the laboratory would make them, without any randomness from outside.
enum Samples {
  static let all: [(name: String, figure: Figure)] = [
    ("membrane", membrane), ("raster", raster), ("images", images), ("photographs", photographs), ("lines", lines),
    ("errors", errors),
    ("accuracy", accuracy), ("histogram", histogram), ("confusion", confusion), ("weights", weights),
    ("staircase", staircase), ("heatmap", heatmap), ("bars", bars), ("logarithmic", logarithmic), ("grid", grid),
  ]

  /// A leaky integrate-and-fire neuron with its input above.
  static var membrane: Figure {
    var (times, voltage, input, spikes): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    var v = 0.0
    for step in 0..<200 {
      let current = (20..<180).contains(step) ? 1.6 : 0
      v += (current - v) / 20
      times.append(Double(step))
      input.append(current)
      voltage.append(v)
      if v >= 1 { (v, spikes) = (0, spikes + [Double(step)]) }
    }
    let current = Panel(y: Axis("current"), marks: [.steps(x: times, y: input, tint: .palette(2))], share: 0.3)
    let membrane = Panel(
      x: Axis("time", unit: "ms"), y: Axis("v"),
      marks: [
        .line(x: times, y: voltage, label: "membrane"), .rule(y: 1, label: "threshold θ"),
        .spikes(at: spikes, above: 1, label: "spikes"),
      ])
    return Figure(stacked: [current, membrane], title: "lif, τ = 20 ms", label: "lif")
  }

  /// Three layers over 256 steps with the moment of decision.
  static var raster: Figure {
    var generator = Generator(state: 7)
    func group(_ label: String, _ rows: Range<Int>, _ count: Int, _ steps: Range<Int>) -> Raster.Group {
      let times = (0..<count).map { _ in Double(steps.lowerBound) + generator.next() * Double(steps.count) }
      let neurons = (0..<count).map { _ in
        Double(rows.lowerBound) + (generator.next() * Double(rows.count)).rounded(.down)
      }
      return Raster.Group(times: times.map { $0.rounded(.down) }, rows: neurons, label: label)
    }
    let groups = [
      group("input", 0..<784, 700, 0..<256), group("hidden", 784..<1384, 350, 60..<200),
      group("output", 1384..<1394, 9, 120..<220),
    ]
    let panel = Panel(
      x: Axis("time", unit: "steps"), y: Axis("neuron"),
      marks: [.raster(Raster(groups, rowCount: 1394)), .rule(x: 128, label: "decision: 7")])
    return Figure(panel)
  }

  static func digit(_ number: Int) -> Images.Image {
    let centre = 9.0 + Double(number)
    let values = (0..<784).map { index -> Double in
      let (x, y) = (Double(index % 28) - 13.5, Double(index / 28) - 13.5)
      let radius = (x * x * (1 + Double(number) / 3) + y * y).squareRoot()
      return max(0, 1 - abs(radius - centre) / 3)
    }
    return Images.Image(width: 28, height: 28, values: values, caption: "label \(number)")
  }

  static var images: Figure {
    Figure(Panel(title: "four digits", marks: [.images(Images((0..<4).map(digit)))]))
  }

  /// Five pictures in colours of their own, three in a group.
  static var photographs: Figure {
    let pictures = (0..<5).map { number in
      let places = (0..<20 * 16).map { (x: $0 % 20, y: $0 / 20) }
      let colours = places.map { x, y in
        Colour(UInt8(12 * x), UInt8(15 * y), (x / 4 + y / 4) % 2 == 0 ? 255 : UInt8(40 * number))
      }
      return Images.Image(
        width: 20, height: 16, values: colours.map(\.luminance), colours: colours, caption: "t=\(number)")
    }
    return Figure(Panel(title: "colours", marks: [.images(Images(pictures, columns: 3, range: 0...1))]))
  }

  static var lines: Figure {
    let x = stride(from: 0.0, through: 4, by: 0.1).map { $0 }
    let free = x.map { $0 > 1 ? 55 * (1 - 1 / $0) : 0 }
    let tired = x.map { $0 > 1 ? 38 * (1 - 1 / $0) : 0 }
    return Figure(
      Panel(
        x: Axis("current"), y: Axis("rate", unit: "Hz"),
        marks: [
          .line(x: x, y: free, label: "free"), .line(x: x, y: tired, label: "5 ms refractory", style: .dashed),
        ]))
  }

  static var errors: Figure {
    Figure(
      Panel(
        title: "five seeds each", x: Axis("steps T"), y: Axis("accuracy", unit: "%"),
        marks: [
          .line(
            x: [5, 10, 20, 50], y: [71, 88.5, 95.2, 97.6], label: "l4", errors: [4, 2.5, 1.2, 0.5], marker: .circle),
          .line(
            x: [5, 10, 20, 50], y: [40, 66, 84, 94], label: "model", errors: [6, 5, 3, 1], marker: .square),
        ]))
  }

  static var accuracy: Figure {
    let epochs = (1...10).map(Double.init)
    let train = epochs.map { 0.99 - 0.35 / $0 }
    let test = epochs.map { 0.96 - 0.33 / $0 }
    let loss = epochs.map { 1.8 / $0 + 0.05 }
    let first = Panel(
      title: "accuracy", x: Axis("epoch", wholeNumbers: true), y: Axis("accuracy"),
      marks: [.line(x: epochs, y: train, label: "training"), .line(x: epochs, y: test, label: "validation")])
    let second = Panel(
      title: "loss", x: Axis("epoch", wholeNumbers: true), y: Axis("loss"), marks: [.line(x: epochs, y: loss)])
    return Figure(panels: [first, second], columns: 2)
  }

  static var histogram: Figure {
    let edges = (0...20).map { Double($0) * 5 }
    let counts = (0..<20).map { index -> Double in
      let distance = Double(index - 6)
      return (6000 / (1 + distance * distance)).rounded()
    }
    return Figure(
      Panel(
        x: Axis("rate", unit: "Hz"), y: Axis("neurons"),
        marks: [.histogram(Histogram(edges: edges, counts: counts, extra: .init("silent", count: 12_400)))]))
  }

  static var confusion: Figure {
    let values = (0..<100).map { index -> Double in
      let (row, column) = (index / 10, index % 10)
      return row == column ? Double(950 + 7 * row) : Double((row * 7 + column * 5) % 11)
    }
    let names = (0..<10).map(String.init)
    return Figure(
      Panel(
        title: "confusion", x: Axis("predicted", categories: names),
        y: Axis("true", categories: names, reversed: true),
        marks: [.matrix(Matrix(rows: 10, columns: 10, values: values, printedDecimals: 0, label: "samples"))]))
  }

  static var weights: Figure {
    var generator = Generator(state: 3)
    let maps = (0..<16).map { index in
      let values = (0..<784).map { pixel -> Double in
        let wave = Double((pixel % 28) * (index % 4 + 1) / 14 + (pixel / 28) * (index / 4 + 1) / 14)
        return generator.next() < 0.15 ? 1 : Int(wave).isMultiple(of: 2) ? 1 : -1
      }
      return Images.Image(width: 28, height: 28, values: values, caption: "neuron \(index)")
    }
    return Figure(Panel(title: "one-bit weights", marks: [.images(Images(maps, map: .diverging))]))
  }

  static var staircase: Figure {
    let x = (0...40).map(Double.init)
    let rising = x.map { ($0 / 5).rounded(.down) }
    let falling = x.map { 4 - ($0 / 8).rounded(.down) }
    return Figure(
      Panel(
        x: Axis("time", unit: "steps"), y: Axis("potential", wholeNumbers: true),
        marks: [
          .steps(x: x, y: rising, label: "neuron 3"), .steps(x: x, y: falling, label: "neuron 8"),
          .rule(y: 6, label: "threshold 6"), .rule(x: 30, label: "spike", style: .dotted),
        ]))
  }

  static var heatmap: Figure {
    let values = (0..<24 * 40).map { index -> Double in
      let (row, column) = (Double(index / 40), Double(index % 40))
      return (row - 12) * (column - 20) / 100
    }
    return Figure(
      Panel(
        x: Axis("time", unit: "ms"), y: Axis("channel"),
        marks: [
          .matrix(
            Matrix(rows: 24, columns: 40, values: values, map: .diverging, xExtent: 0...200, label: "Δv (mV)"))
        ]))
  }

  static var bars: Figure {
    Figure(
      Panel(
        x: Axis(categories: ["bs4nn", "ternary", "l4", "lmu"]), y: Axis("accuracy", unit: "%"),
        marks: [
          .bars(
            Bars([
              Bars.Group(values: [97.0, 95.1, 98.6, 96.4], label: "MNIST", errors: [0.3, 0.6, 0.1, 0.5]),
              Bars.Group(values: [87.3, 92.5, 86.4, 84.9], label: "Fashion-MNIST", errors: [1, 0.4, 0.8, 2]),
            ]))
        ]))
  }

  static var logarithmic: Figure {
    let x = (0...30).map { 100_000 * 1.3 * Double($0) }
    let y = (0...30).map { index in 3.0 / Double(1 << (index / 2)) }
    return Figure(
      Panel(
        x: Axis("synaptic operations"), y: Axis("error", scale: .logarithmic),
        marks: [.scatter(x: x, y: y, marker: .diamond)]))
  }

  static var grid: Figure {
    (try? Figure.grid([membrane, lines, histogram, raster], columns: 2)) ?? membrane
  }
}

/// A small generator whose numbers never change (Marsaglia's xorshift).
struct Generator {
  var state: UInt64

  /// A number from 0 up to 1.
  mutating func next() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(state >> 11) / Double(1 << 53)
  }
}
