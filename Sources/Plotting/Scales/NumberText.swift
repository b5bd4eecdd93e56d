/// Numbers as people write them: a real minus sign, thin spaces between thousands, powers of ten.
enum NumberText {
  static let minus = "−"
  static let thinSpace: Character = "\u{2009}"

  /// A number with a fixed count of decimals, as in `−1.50` or `12 500`.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let decimals = max(0, min(15, decimals))
    let scaled = (value.magnitude * .tenTo(decimals)).rounded()
    guard scaled < 9e15 else { return value.isFinite ? scientific(value, decimals: 2) : "" }
    var digits = String(Int64(scaled))
    if digits.count <= decimals { digits = String(repeating: "0", count: decimals + 1 - digits.count) + digits }
    let whole = grouped(String(digits.dropLast(decimals)))
    let sign = value < 0 && scaled > 0 ? minus : ""
    return decimals == 0 ? sign + whole : "\(sign)\(whole).\(digits.suffix(decimals))"
  }

  /// A number with a power of ten, as in `2×10⁻⁵`.
  static func scientific(_ value: Double, decimals: Int) -> String {
    guard value != 0, value.isFinite else { return "0" }
    var exponent = Int(value.magnitude.logarithm.rounded(.down))
    var mantissa = value / .tenTo(exponent)
    if !mantissa.isFinite { (exponent, mantissa) = (exponent + 10, value / .tenTo(exponent + 10)) }
    return power(mantissa: fixed(mantissa, decimals: decimals), exponent: exponent)
  }

  /// A number with at most four digits that matter and no zeros at the end.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? minus + "∞" : "∞" }
    guard value != 0 else { return "0" }
    let exponent = Int(value.magnitude.logarithm.rounded(.down))
    guard (-4...6).contains(exponent) else { return scientific(value, decimals: 1) }
    return trimmed(fixed(value, decimals: max(0, 3 - exponent)))
  }

  /// A mantissa times a power of ten; a mantissa of one is left out.
  static func power(mantissa: String, exponent: Int) -> String {
    let ten = "10" + superscript(exponent)
    switch mantissa {
    case "1": return ten
    case minus + "1": return minus + ten
    default: return "\(mantissa)×\(ten)"
    }
  }

  /// A whole number in raised digits.
  static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let raised = String(number.magnitude).compactMap(\.wholeNumberValue).map { digits[$0] }
    return (number < 0 ? "⁻" : "") + String(raised)
  }

  /// Decimals without the zeros at the end.
  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Five digits and more in groups of three.
  private static func grouped(_ digits: String) -> String {
    guard digits.count > 4 else { return digits }
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(thinSpace) }
      result.append(digit)
    }
    return result
  }
}
