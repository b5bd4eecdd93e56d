/// The few operations that are worth a library or C. One call per layer and piece, so the cost of dispatch is nothing.
///
/// `ReferenceBackend` is plain Swift and is what tests compare with; `Accelerated.Native` is installed by `main`.
/// Every call runs on the thread that makes it; only `forEach` uses others. A result may depend on the shapes of one
/// call, never on the number of threads.
public protocol Backend: Sendable {
  /// Runs `body` for 0..<pieces on up to `threads` threads; a nested call runs inline.
  func forEach(_ pieces: Int, threads: Int, _ body: (Int) -> Void)

  /// c = a·b + beta·c; either operand may be read transposed. A row of the result has the same bits in every batch.
  func multiply(_ a: MatrixView, _ b: MatrixView, into c: MutableMatrixView, beta: Float)
  /// A matrix made ready to be the right operand of many products.
  func packed(_ b: MatrixView) -> PackedMatrix
  /// c = a·b, or c += a·b where `adds`. A row of the result has the same bits in every batch.
  func multiply(_ a: MatrixView, _ b: PackedMatrix, into c: MutableMatrixView, adds: Bool)
  /// sum += Σ values[i]·rows[i], skipping zeros: the event-driven product.
  func addRows(_ rows: MatrixView, values: UnsafePointer<Float>, into sum: UnsafeMutablePointer<Float>)
  /// rows[i][j] += bias[j]
  func addBias(_ bias: UnsafePointer<Float>, to rows: MutableMatrixView)
  /// sum[j] += Σᵢ rows[i][j]
  func sumRows(_ rows: MatrixView, into sum: UnsafeMutablePointer<Float>)

  /// output[o][p] = Σ weights[o][k]·image[k under p] for each of `count` images; weights are
  /// [outputs][channels][kernel][kernel]. An image has the same bits alone and among others.
  func convolve(
    _ images: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, count: Int, outputs: Int, _ window: Window,
    into output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
  /// The gradient of `convolve` with respect to the images, written over `result`.
  func convolveBackward(
    _ gradients: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, count: Int, outputs: Int, _ window: Window,
    into result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
  /// The gradient of `convolve` with respect to the weights, summed over `count` images and written over `result`.
  func convolveWeights(
    _ gradients: UnsafePointer<Float>, _ images: UnsafePointer<Float>, count: Int, outputs: Int, _ window: Window,
    into result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
  /// Average or maximum under the window, channel by channel, for one image. Windows lie inside the image.
  func pool(
    _ kind: Pooling, _ image: UnsafePointer<Float>, _ window: Window, into output: UnsafeMutablePointer<Float>)
  /// The gradient of `pool` with respect to the image, written over `result`; a maximum gives it to the first largest.
  func poolBackward(
    _ kind: Pooling, _ gradient: UnsafePointer<Float>, _ image: UnsafePointer<Float>, _ window: Window,
    into result: UnsafeMutablePointer<Float>)

  /// sums[c] += Σ x and products[c] += Σ x·y over rows and places of channel c.
  func sumChannels(
    _ x: UnsafePointer<Float>, times y: UnsafePointer<Float>, _ shape: ChannelShape,
    into sums: UnsafeMutablePointer<Double>, products: UnsafeMutablePointer<Double>)
  /// result = gains[c]·x + shifts[c]
  func scaleChannels(
    _ x: UnsafePointer<Float>, _ shape: ChannelShape, gains: UnsafePointer<Float>, shifts: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>)
  /// result = gains[c]·x + slopes[c]·y + shifts[c]
  func combineChannels(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ shape: ChannelShape, gains: UnsafePointer<Float>,
    slopes: UnsafePointer<Float>, shifts: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>)
  /// totals[c] += Σ x over rows and places of channel c.
  func totalChannels(_ x: UnsafePointer<Float>, _ shape: ChannelShape, into totals: UnsafeMutablePointer<Float>)

  /// y = max(0, x)
  func rectify(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int)
  /// y = g where x > 0, else 0.
  func rectifyBackward(
    _ gradient: UnsafePointer<Float>, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int)
  /// y = eˣ, to 2 units in the last place; underflows to 0 below -87.
  func exponential(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int)
  /// y = tanh x, to 4 units in the last place.
  func hyperbolicTangent(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int)

  /// v ← momentum·v + g + decay·w; w ← w − rate·v
  func momentumStep(
    _ weight: UnsafeMutablePointer<Float>, velocity: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    count: Int, rate: Float, momentum: Float, decay: Float)
  /// Adam (arXiv:1412.6980) with decay of the weights apart from the moments (arXiv:1711.05101).
  func adamStep(
    _ weight: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>, square: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, count: Int, _ coefficients: AdamCoefficients)
}

/// Rows of [channels][places]: places is 1 where every value is a channel of its own.
public struct ChannelShape: Sendable, Hashable {
  public var rows: Int, channels: Int, places: Int
  public init(rows: Int, channels: Int, places: Int) {
    (self.rows, self.channels, self.places) = (rows, channels, places)
  }
  /// Values of one row.
  public var rowCount: Int { channels * places }
}

/// What a pooling keeps of the values under its window.
public enum Pooling: String, Sendable, CaseIterable { case average, maximum }

/// The numbers of one step of Adam, with the corrections of its moments worked out.
public struct AdamCoefficients: Sendable, Hashable {
  public var rate: Float, meanDecay: Float, squareDecay: Float, epsilon: Float, weightDecay: Float
  /// 1 / (1 − β₁ᵗ) and 1 / (1 − β₂ᵗ)
  public var meanCorrection: Float, squareCorrection: Float

  /// The coefficients of step `step`, which counts from 1.
  public init(
    step: Int, rate: Float, meanDecay: Float = 0.9, squareDecay: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0
  ) {
    (self.rate, self.meanDecay, self.squareDecay) = (rate, meanDecay, squareDecay)
    (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
    meanCorrection = Float(1 / (1 - Self.power(Double(meanDecay), step)))
    squareCorrection = Float(1 / (1 - Self.power(Double(squareDecay), step)))
  }
  private static func power(_ base: Double, _ n: Int) -> Double {
    var (result, square, n) = (1.0, base, n)
    while n > 0 {
      if n & 1 == 1 { result *= square }
      square *= square
      n >>= 1
    }
    return result
  }
}
