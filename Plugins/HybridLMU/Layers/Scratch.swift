internal import Compute

/// Memory of zeros for the length of a call, in parts of the given sizes.
func withZeros(_ sizes: [Int], _ body: ([UnsafeMutablePointer<Float>]) -> Void) {
  var scratch = Tensor(zeros: [sizes.reduce(0, +)])
  scratch.write { base in
    var at = base
    body(
      sizes.map { size in
        defer { at += size }
        return at
      })
  }
}
