/// Texts for terminals that know seven-bit characters only.
enum ASCIIText {
  /// The text with signs and Greek letters spelt out.
  static func spelt(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 < 128 }) else { return text }
    var result = ""
    var isRaised = false
    for character in text {
      if let digit = raised[character] {
        if !isRaised { result += "^" }
        result.append(digit)
      } else {
        result += character.isASCII ? String(character) : spellings[character] ?? "?"
      }
      isRaised = raised[character] != nil
    }
    return result
  }

  private static let raised: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-",
  ]

  private static let spellings: [Character: String] = [
    "−": "-", "–": "-", "—": "-", "×": "x", "·": ".", "±": "+-", "≤": "<=", "≥": ">=", "≈": "~", "≠": "!=",
    "\u{2009}": "", "\u{00A0}": " ", "µ": "u", "°": "deg", "√": "sqrt", "∂": "d", "∞": "inf", "→": "->", "←": "<-",
    "…": "...", "‘": "'", "’": "'", "“": "\"", "”": "\"", "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5",
    "₆": "6", "₇": "7", "₈": "8", "₉": "9", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma",
    "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
  ]
}
