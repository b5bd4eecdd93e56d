#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

func binaryLogarithm(_ x: Double) -> Double { log2(x) }
