import Accelerated
import Compute
import Testing

/// Random numbers of a shape; some are exactly 0.
func numbers(_ count: Int, _ seed: UInt64, scale: Float = 1) -> Tensor {
  let stream = RandomStream(seed: seed)
  return Tensor(
    (0..<count).map { stream.uniform(2 * $0) < 0.1 ? 0 : scale * (2 * stream.uniform(2 * $0 + 1) - 1) }, [count])
}
/// The largest difference, relative to the largest value.
func distance(_ a: Tensor, _ b: Tensor) -> Float {
  let scale = b.values.reduce(Float(1e-30)) { max($0, abs($1)) }
  return zip(a.values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
}

@Suite struct NativeTests {
  let native = Native(), reference = ReferenceBackend()

  /// The results of one operation by both backends, from the same values.
  func both(_ start: Tensor, _ body: (any Backend, UnsafeMutablePointer<Float>) -> Void) -> (Tensor, Tensor) {
    var (a, b) = (start, start)
    a.write { body(native, $0) }
    b.write { body(reference, $0) }
    return (a, b)
  }

  @Test(arguments: [(1, 1, 1), (1, 5, 7), (2, 3, 4), (5, 1, 9), (17, 33, 65), (64, 10, 512), (128, 13, 1)])
  func products(_ m: Int, _ n: Int, _ k: Int) {
    let a = numbers(m * k, 1), b = numbers(k * n, 2)
    for (ta, tb, beta) in [(false, false, 0), (true, false, 1), (false, true, 0.5), (true, true, 0)]
      as [(Bool, Bool, Float)]
    {
      let (x, y) = both(numbers(m * n, 3)) { backend, c in
        a.read { a in
          b.read { b in
            let left = ta ? MatrixView(a, k, m, transposed: true) : MatrixView(a, m, k)
            let right = tb ? MatrixView(b, n, k, transposed: true) : MatrixView(b, k, n)
            backend.multiply(left, right, into: MutableMatrixView(c, m, n), beta: beta)
          }
        }
      }
      #expect(distance(x, y) < 1e-5, "transposed \(ta) \(tb)")
    }
  }

  /// Products with a packed matrix, either operand stored transposed, written over or added to what is there.
  @Test(arguments: [(1, 1, 1), (2, 32, 5), (13, 33, 257), (50, 213, 300), (37, 64, 512), (24, 20, 256)])
  func packedProducts(_ m: Int, _ n: Int, _ k: Int) {
    let a = numbers(m * k, 1), b = numbers(k * n, 2)
    for (ta, tb, adds) in [(false, false, false), (true, false, true), (false, true, true), (true, true, false)] {
      let (x, y) = both(numbers(m * (n + 3), 3)) { backend, c in
        a.read { a in
          b.read { b in
            let left = ta ? MatrixView(a, k, m, transposed: true) : MatrixView(a, m, k)
            let right = tb ? MatrixView(b, n, k, transposed: true) : MatrixView(b, k, n)
            let packed = backend.packed(right)
            #expect(packed.rows == k && packed.columns == n)
            backend.multiply(left, packed, into: MutableMatrixView(c, m, n, stride: n + 3), adds: adds)
          }
        }
      }
      #expect(distance(x, y) < 1e-5, "transposed \(ta) \(tb)")
    }
  }
  /// A row has the same bits alone as among others.
  @Test func packedRowsDoNotDependOnOthers() {
    let m = 31, n = 45, k = 300, a = numbers(m * k, 1), b = numbers(k * n, 2)
    let packed = b.read { native.packed(MatrixView($0, k, n)) }
    var whole = Tensor(zeros: [m * n])
    a.read { a in
      whole.write { native.multiply(MatrixView(a, m, k), packed, into: MutableMatrixView($0, m, n), adds: false) }
    }
    for row in [0, 11, 30] {
      var alone = Tensor(zeros: [n])
      a.read { a in
        alone.write {
          native.multiply(MatrixView(a + row * k, 1, k), packed, into: MutableMatrixView($0, 1, n), adds: false)
        }
      }
      #expect(alone.values == (0..<n).map { whole[row * n + $0] })
    }
  }

  /// A product inside wider memory leaves what lies beside it.
  @Test func productsKeepToTheirStride() {
    let a = numbers(3 * 8, 1), b = numbers(5 * 9, 2)
    let (x, y) = both(numbers(3 * 11, 3)) { backend, c in
      a.read { a in
        b.read { b in
          backend.multiply(
            MatrixView(a, 3, 5, stride: 8), MatrixView(b, 5, 4, stride: 9),
            into: MutableMatrixView(c, 3, 4, stride: 11), beta: 0)
        }
      }
    }
    #expect(distance(x, y) < 1e-6)
  }

  /// oneDNN does not promise this; training and single samples rely on it.
  @Test(arguments: [(784, 512), (512, 10), (100, 7), (3000, 33)])
  func aRowHasTheSameBitsInEveryBatch(_ depth: Int, _ width: Int) {
    let a = numbers(64 * depth, 1), b = numbers(depth * width, 2)
    func rows(_ first: Int, _ count: Int) -> [UInt32] {
      var c = Tensor(zeros: [count, width])
      a.read { a in
        b.read { b in
          c.write { c in
            native.multiply(
              MatrixView(a + first * depth, count, depth), MatrixView(b, depth, width),
              into: MutableMatrixView(c, count, width), beta: 0)
          }
        }
      }
      return c.bits
    }
    let whole = rows(0, 64)
    for count in [1, 2, 3, 7, 16, 63] {
      let first = 5 % (65 - count), expected = Array(whole[first * width..<(first + count) * width])
      #expect(rows(first, count) == expected, "\(count) rows")
    }
  }

  @Test(arguments: [(1, 1), (3, 17), (100, 600), (33, 129)]) func rowSums(_ rows: Int, _ columns: Int) {
    let values = numbers(rows * columns, 4), weights = numbers(max(rows, columns), 5)
    values.read { v in
      weights.read { w in
        let view = MatrixView(v, rows, columns)
        let (a, b) = both(numbers(columns, 6)) { $0.addRows(view, values: w, into: $1) }
        #expect(a == b)
        let (c, d) = both(numbers(columns, 6)) { $0.sumRows(view, into: $1) }
        #expect(c == d)
        let (e, f) = both(values) { $0.addBias(w, to: MutableMatrixView($1, rows, columns)) }
        #expect(e == f)
      }
    }
  }

  @Test(arguments: [(1, 1, 1), (7, 5, 1), (3, 4, 9), (2, 3, 64), (5, 1, 23)])
  func channels(_ rows: Int, _ channels: Int, _ places: Int) {
    let shape = ChannelShape(rows: rows, channels: channels, places: places), count = rows * shape.rowCount
    let x = numbers(count, 1), y = numbers(count, 2), gains = numbers(channels, 3), shifts = numbers(channels, 4)
    func sums(_ backend: any Backend) -> [Double] {
      var sums = [Double](repeating: 0.5, count: 2 * channels)
      sums.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        x.read { x in y.read { backend.sumChannels(x, times: $0, shape, into: base, products: base + channels) } }
      }
      return sums
    }
    #expect(zip(sums(native), sums(reference)).allSatisfy { abs($0 - $1) < 1e-12 })
    x.read { x in
      gains.read { a in
        shifts.read { b in
          let (c, d) = both(y) { $0.scaleChannels(x, shape, gains: a, shifts: b, into: $1) }
          #expect(c == d)
          let (e, f) = both(y) { $0.combineChannels(x, x, shape, gains: a, slopes: b, shifts: a, into: $1) }
          #expect(e == f && e != y)
          let (g, h) = both(gains) { $0.totalChannels(x, shape, into: $1) }
          #expect(distance(g, h) < 1e-5 && g != gains)
        }
      }
    }
  }

  static let windows: [Window] = [
    Window(channels: 1, height: 5, width: 5, kernel: 3),
    Window(channels: 3, height: 9, width: 7, kernel: 3, padded: true),
    Window(channels: 2, height: 8, width: 11, kernel: 5, stride: 2, padded: true),
    Window(channels: 4, height: 6, width: 6, kernel: 1), Window(channels: 1, height: 4, width: 4, kernel: 4),
    Window(channels: 2, height: 10, width: 9, kernel: 2, stride: 3),
    Window(channels: 1, height: 3, width: 3, kernel: 3, padded: true),
    Window(channels: 2, height: 7, width: 5, kernel: 5, stride: 3, padded: true),
    Window(channels: 3, height: 9, width: 8, kernel: 2, stride: 2),
    // Channels enough for blocked layouts.
    Window(channels: 16, height: 6, width: 7, kernel: 5), Window(channels: 12, height: 6, width: 5, kernel: 3),
    Window(channels: 32, height: 7, width: 7, kernel: 3, padded: true),
    Window(channels: 16, height: 8, width: 8, kernel: 3, stride: 2, padded: true),
    Window(channels: 16, height: 9, width: 8, kernel: 2, stride: 3),
  ]
  @Test(arguments: windows, [1, 6, 16, 32]) func convolutions(_ window: Window, _ outputs: Int) {
    let image = numbers(3 * window.inputCount, 1), weights = numbers(outputs * window.depth, 2)
    let gradient = numbers(3 * outputs * window.places, 3)
    var scratch = numbers(window.scratch, 9)
    scratch.write { s in
      image.read { x in
        weights.read { w in
          gradient.read { g in
            let (a, b) = both(gradient) { $0.convolve(x, w, count: 3, outputs: outputs, window, into: $1, scratch: s) }
            #expect(distance(a, b) < 1e-5)
            let (c, d) = both(image) {
              $0.convolveBackward(g, w, count: 3, outputs: outputs, window, into: $1, scratch: s)
            }
            #expect(distance(c, d) < 1e-5)
            for count in [1, 3] {
              let (e, f) = both(weights) {
                $0.convolveWeights(g, x, count: count, outputs: outputs, window, into: $1, scratch: s)
              }
              #expect(distance(e, f) < 1e-5)
            }
          }
        }
      }
    }
  }
  @Test(
    arguments: windows.filter { ($0.outputHeight - 1) * $0.stride + $0.kernelHeight <= $0.height && $0.left == 0 },
    Pooling.allCases)
  func poolings(_ window: Window, _ kind: Pooling) {
    let image = numbers(window.inputCount, 1), gradient = numbers(window.channels * window.places, 3)
    image.read { x in
      gradient.read { g in
        let (a, b) = both(gradient) { $0.pool(kind, x, window, into: $1) }
        #expect(distance(a, b) < 1e-6)
        let (c, d) = both(image) { $0.poolBackward(kind, g, x, window, into: $1) }
        #expect(distance(c, d) < 1e-6)
      }
    }
  }

  @Test(arguments: [1, 7, 16, 1001]) func values(_ count: Int) {
    let x = numbers(count, 1, scale: 30), g = numbers(count, 2)
    x.read { x in
      g.read { g in
        let (a, b) = both(Tensor(zeros: [count])) { $0.rectify(x, into: $1, count: count) }
        #expect(a == b)
        let (c, d) = both(Tensor(zeros: [count])) { $0.rectifyBackward(g, x, into: $1, count: count) }
        #expect(c == d)
        let (e, f) = both(Tensor(zeros: [count])) { $0.exponential(x, into: $1, count: count) }
        #expect(zip(e.values, f.values).allSatisfy { abs($0 - $1) <= 3 * $1.ulp })
        for scale: Float in [0.01, 0.1, 1] {
          var z = numbers(count, 3, scale: scale)
          z[0] = scale
          z.read { z in
            let (h, i) = both(Tensor(zeros: [count])) { $0.hyperbolicTangent(z, into: $1, count: count) }
            #expect(zip(h.values, i.values).allSatisfy { abs($0 - $1) <= 4 * $1.ulp })
          }
        }
      }
    }
  }
  @Test func theEndsOfTheExponential() {
    let x = Tensor([-.infinity, -100, -87, 0, 88.5, 90, .infinity, .nan], [8])
    let (a, b) = x.read { x in both(Tensor(zeros: [8])) { $0.exponential(x, into: $1, count: 8) } }
    #expect(a[0] == 0 && a[1] == 0 && a[3] == 1 && a[5] == .infinity && a[6] == .infinity && a[7].isNaN)
    #expect(abs(a[4] - b[4]) <= 3 * b[4].ulp && abs(a[2] - b[2]) <= 3 * b[2].ulp)
  }
  @Test(arguments: [1, 5, 64, 1003]) func optimisers(_ count: Int) {
    let gradient = numbers(count, 1)
    gradient.read { g in
      for part in 0..<2 {
        let (a, b) = both(numbers(count, 2)) { backend, w in
          var v = numbers(count, 3)
          v.write {
            backend.momentumStep(w, velocity: $0, gradient: g, count: count, rate: 0.1, momentum: 0.9, decay: 1e-3)
          }
          if part == 1 { for i in 0..<count { w[i] = v[i] } }
        }
        #expect(a == b)
      }
      let (a, b) = both(numbers(count, 2)) { backend, w in
        var mean = Tensor(zeros: [count]), square = mean
        for step in 1...3 {
          let c = AdamCoefficients(step: step, rate: 0.01, weightDecay: 0.1)
          mean.write { m in square.write { backend.adamStep(w, mean: m, square: $0, gradient: g, count: count, c) } }
        }
      }
      #expect(a == b)
    }
  }
}
