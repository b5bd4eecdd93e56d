#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Memory in bytes, as numbers that cannot overflow.
public enum Memory {
  /// What the machine has, or what the user may take of it.
  public static let physical: Double = {
    let machine = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
    var limit = rlimit()
    #if canImport(Glibc)
      let kind = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #else
      let kind = RLIMIT_AS
    #endif
    guard getrlimit(kind, &limit) == 0 else { return machine }
    return min(machine, Double(limit.rlim_cur))
  }()
  /// What the values of a model may take at most.
  public static let modelLimit = 4e9

  /// "138 GB"
  public static func text(_ bytes: Double) -> String {
    for (unit, size) in [("PB", 1e15), ("TB", 1e12), ("GB", 1e9)] where bytes >= size {
      let shown = bytes / size
      return shown < 1e6 ? "\(Int(shown.rounded())) \(unit)" : "more than \(unit == "PB" ? "a million PB" : unit)"
    }
    return "\(Int((bytes / 1e6).rounded())) MB"
  }
}
