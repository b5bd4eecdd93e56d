public import Spiking

/// Trains single-spike networks with real weights on their firing times (arXiv 1910.09495).
public struct S4NN: OnlineTrainer {
  public var options = OnlineOptions()
  public init() {}
  public static let isBinary = false

  public static let manual = Manual(
    "s4nn", "Trains real weights of neurons that fire once, on firing times, sample by sample.",
    equation: "dt/dV = -1 where a neuron fired;  dV/dw = 1 where the input came first",
    reference: "S. R. Kheradpisheh, T. Masquelier, Int. J. Neural Systems 30(6), 2020, arXiv 1910.09495",
    details: TrainerText.details,
    examples: ["data glyphs | take train=100 | encode ttfs | mlp 100 10 neuron=if-once | train s4nn epochs=1"])
  public static let settings: [Setting<Self>] = commonSettings
}

/// Trains binary weights: the network sees signs, real weights behind them collect the changes (arXiv 2007.04039).
public struct BS4NN: OnlineTrainer {
  public var options = OnlineOptions()
  public init() {}
  public static let isBinary = true

  public static let manual = Manual(
    "bs4nn", "Trains one-bit weights of neurons that fire once, on firing times, sample by sample.",
    equation: "w = α sign(W);  dt/dV = -1 where a neuron fired;  dV/dW = 1 where the input came first",
    reference: "S. R. Kheradpisheh, M. Mirsadeghi, T. Masquelier, Neural Processing Letters 54, 2022, arXiv 2007.04039",
    details: TrainerText.details,
    examples: [
      "data glyphs | take train=100 | encode ttfs | dense 100 weights=binary | neuron if-once | dense 10 weights=binary | neuron if-once | train bs4nn epochs=1"
    ])
  public static let settings: [Setting<Self>] =
    commonSettings + [
      Setting(
        "thresholds", \.options.thresholds,
        "Sum of signs at which the neurons of each layer fire (margin rule); chosen by the data when left open.",
        in: 1...1e6),
      Setting(
        "alpha-start", \.options.alphaStart, "Scale of the signs of each layer at the start (published rule).",
        in: 1e-6...1e6),
      Setting("alpha-rate", \.options.alphaRate, "Rate of the scale of each layer (published rule).", in: 0...1e6),
    ]
}

enum TrainerText {
  static let details = """
    Settings left open follow the data: the share of inputs that spike, and the sizes of the layers. They are made for one \
    hidden layer of some hundred neurons; with fewer than a hundred, and above all with two hidden layers, many samples stay \
    silent and accuracy is far lower. \
    The rate falls over the epochs of the run. An interrupted run goes on where it stopped, within its own schedule; \
    a finished one that is trained again starts a new cycle at the full rate. \
    Strict accuracy counts one answer per sample: the first output, on a tie the one with the higher potential, \
    and if none fired the highest potential; tied accuracy, as in the articles, counts a label among the first as right.
    """
}
