public import Compute
public import Spiking

/// `drive speech`: something with the rhythm and the spectrum of speech, made by the program.
public struct SpeechCurrent: Drive {
  public var current = 0.0, amplitude = 1.0, pitch = Quantity(120, .frequency), rate = Quantity(4, .frequency)
  public init() {}
  public static let currentNames = ["current", "amplitude"]
  public static let manual = Manual(
    "speech", "A current like speech: syllables of a voice with formants, and pauses.",
    equation:
      "i(t) = current + amplitude·sin²(π·s)·Σ aₕ·sin(2π·h·pitch·t) over harmonics h, s the place in the syllable",
    details: """
      Every syllable has a vowel and a pitch of its own; every fifth or so is a pause. aₕ is large near the first two \
      formants of the vowel. Harmonics that a step cannot show (above 0.45/dt) are left out.
      """,
    examples: ["neuron lif | drive speech current=1 amplitude=3 for=1s | plot membrane"])
  public static let settings: [Setting<Self>] = [
    Setting("current", \.current, "Mean."), Setting("amplitude", \.amplitude, "How loud it is."),
    Setting("pitch", \.pitch, "Fundamental frequency of the voice.", form: .number(.frequency), in: 1...1e4),
    Setting("rate", \.rate, "Syllables per second.", form: .number(.frequency), in: 0.1...100),
  ]
  /// First and second formant of a, e, i, o, u in Hz.
  private static let vowels: [(Double, Double)] = [(730, 1090), (530, 1840), (270, 2290), (570, 840), (300, 870)]
  private static let harmonics = 24

  public func current(at step: Int, dt: Time, random: RandomStream) -> Double {
    let t = Double(step) * dt.seconds, syllable = Int(t * rate.value), within = t * rate.value - Double(syllable)
    let draw = random.child(syllable)
    guard draw.uniform(0) >= 0.2 else { return current }
    let formants = Self.vowels[draw.integer(below: Self.vowels.count, counter: 1)]
    let fundamental = pitch.value * (0.85 + 0.3 * draw.uniformDouble(2)), loudest = 0.45 / dt.seconds
    var sum = 0.0, squares = 0.0
    for h in 1...Self.harmonics {
      let frequency = Double(h) * fundamental
      guard frequency < loudest else { break }
      let share = resonance(frequency, formants.0) + 0.5 * resonance(frequency, formants.1)
      sum += share * sine(2 * .pi * frequency * t)
      squares += share * share / 2
    }
    let envelope = sine(.pi * within)
    return current + amplitude * envelope * envelope * sum / max(1e-9, squares.squareRoot())
  }
  /// Height of a resonance 120 Hz wide.
  private func resonance(_ frequency: Double, _ centre: Double) -> Double {
    let apart = (frequency - centre) / 60
    return 1 / (1 + apart * apart)
  }
}
