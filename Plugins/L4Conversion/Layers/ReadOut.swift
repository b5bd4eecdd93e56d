public import Compute
public import Spiking

/// How the outputs of a converted network become an answer. Passes on what it gets.
///
/// `count`: most spikes; `membrane`: largest sum of what arrived, without a threshold. On a tie of counts the higher
/// membrane (after reset) wins, then the lower class; `ties=first` takes the lower class at once, as published curves do.
/// With `exit` a sample ends at the first step t whose lead over the runner-up reaches `exit` spikes, or
/// exit·√(t·v) of the membrane, v being the variance per step measured so far.
public struct ReadOut: Layer, Declared {
  public enum Readout: String, Choice { case count, membrane }
  public enum Ties: String, Choice { case potential, first }
  public var readout = Readout.count, ties = Ties.potential, exit = 0.0
  public init() {}
  public init(_ readout: Readout, ties: Ties = .potential, exit: Double = 0) {
    (self.readout, self.ties, self.exit) = (readout, ties, exit)
  }

  public static let manual = Manual(
    "read-out", "How outputs become an answer: by spike count or by membrane; what arrives is passed on.",
    details: "Converted networks end with it; convert sets it.",
    examples: ["data glyphs | encode bernoulli steps=10 | dense 10 | neuron if | read-out count ties=first | layers"])
  public static let settings: [Setting<Self>] = [
    Setting("readout", \.readout, "Whether spikes or charge are counted.", positional: true),
    Setting("ties", \.ties, "Who wins on equal counts: the higher membrane, or the first class."),
    Setting("exit", \.exit, "Lead at which a sample ends early; 0 for never.", in: 0...1e6),
  ]
  public var kind: String { "read-out" }
  public var summary: String {
    "read-out by \(readout.rawValue)"
      + (readout == .count ? ", ties to \(ties == .potential ? "the higher potential" : "the first class")" : "")
      + (exit > 0 ? ", exit at a lead of \(Quantity(exit).written())" : "")
  }
  public var role: LayerRole { .opaque(kind) }
  public func features(after features: Shape) throws(ShapeError) -> Shape { features }
  public func forward(_ input: Signal, at node: Node, _ pass: inout Pass) -> Signal { input }
}
