#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The encoding of what is typed: UTF-8, also where the surroundings name no locale.
enum Encoding {
  static func useUTF8() {
    for name in ["", "C.UTF-8", "en_US.UTF-8", "UTF-8"] {
      guard setlocale(LC_CTYPE, name) != nil else { continue }
      if let set = nl_langinfo(nl_item(CODESET)), String(cString: set) == "UTF-8" { return }
    }
  }
}
