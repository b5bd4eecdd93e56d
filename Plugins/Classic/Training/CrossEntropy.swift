internal import Compute
internal import Spiking

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The cross-entropy of softmax outputs: L = −log softmax(o)[label], its sum over a batch, and the gradient of its mean.
struct CrossEntropy {
  var loss = 0.0, correct = 0
  /// ∂(mean L)/∂o = (softmax(o) − onehot(label)) / batch
  var gradient: Signal

  init(_ output: Signal, _ labels: [Int]) {
    let classes = output.features.count, batch = Float(labels.count)
    var loss = 0.0, correct = 0
    gradient = output
    gradient.values.write { o in
      for (row, label) in labels.enumerated() {
        let x = o + row * classes
        let top = (1..<max(1, classes)).reduce(0) { x[$1] > x[$0] ? $1 : $0 }, peak = x[top]
        if top == label { correct += 1 }
        var sum: Float = 0
        for j in 0..<classes {
          x[j] = exp(x[j] - peak)
          sum += x[j]
        }
        for j in 0..<classes { x[j] /= sum }
        guard label < classes else { continue }
        loss -= log(max(Double(x[label]), 1e-30))
        x[label] -= 1
        for j in 0..<classes { x[j] /= batch }
      }
    }
    (self.loss, self.correct) = (loss, correct)
  }
}
