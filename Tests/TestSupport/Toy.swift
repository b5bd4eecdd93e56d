internal import Compute
public import Spiking

/// Small data that anything learns: images of classes that differ in which band is bright.
public enum Toy {
  /// `count` images of 6×8 of three classes, each with its band bright and the rest dim, in both parts.
  public static func bands(count: Int = 96, seed: UInt64 = 1) -> Dataset {
    let shape: Shape = [6, 8], classes = 3
    func bank(_ random: RandomStream) -> SampleBank {
      let labels = (0..<count).map { $0 % classes }
      let bytes = (0..<count * shape.count).map { k -> UInt8 in
        let row = k % shape.count / 8, isBright = row / 2 == labels[k / shape.count]
        return UInt8((isBright ? 150 : 0) + random.integer(below: 100, counter: k))
      }
      return SampleBank(shape: shape, labels: labels, bytes: bytes)
    }
    let random = RandomStream(seed: seed)
    return Dataset(
      name: "bands", origin: "made by the program", classes: ["top", "middle", "bottom"], shape: shape,
      parts: [.train: .init(bank(random.child("train"))), .test: .init(bank(random.child("test")))])
  }
}
