internal import Crypto
internal import FoundationEssentials

/// A published file: where it lies below the data folder, where it can be fetched, and its checksum.
public struct KnownFile: Sendable, Equatable {
  public var path: String, bytes: Int, sha256: String
  public init(path: String, bytes: Int, sha256: String) { (self.path, self.bytes, self.sha256) = (path, bytes, sha256) }
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// Data sets that can be fetched by name.
public struct KnownData: Sendable, Equatable {
  public var name: String, origin: String, address: String, files: [KnownFile]

  public init(name: String, origin: String, address: String, files: [KnownFile]) {
    (self.name, self.origin, self.address, self.files) = (name, origin, address, files)
  }

  public static let mnist = KnownData(
    name: "mnist", origin: "Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits",
    address: "https://ossci-datasets.s3.amazonaws.com/mnist/",
    files: [
      KnownFile(
        path: "mnist/train-images-idx3-ubyte.gz", bytes: 9_912_422,
        sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
      KnownFile(
        path: "mnist/train-labels-idx1-ubyte.gz", bytes: 28_881,
        sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
      KnownFile(
        path: "mnist/t10k-images-idx3-ubyte.gz", bytes: 1_648_877,
        sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
      KnownFile(
        path: "mnist/t10k-labels-idx1-ubyte.gz", bytes: 4_542,
        sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    ])
  public static let fashion = KnownData(
    name: "fashion-mnist", origin: "H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, arXiv 1708.07747",
    address: "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    files: [
      KnownFile(
        path: "fashion-mnist/train-images-idx3-ubyte.gz", bytes: 26_421_880,
        sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
      KnownFile(
        path: "fashion-mnist/train-labels-idx1-ubyte.gz", bytes: 29_515,
        sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
      KnownFile(
        path: "fashion-mnist/t10k-images-idx3-ubyte.gz", bytes: 4_422_102,
        sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
      KnownFile(
        path: "fashion-mnist/t10k-labels-idx1-ubyte.gz", bytes: 5_148,
        sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ])
  /// One archive, which is read as it is.
  public static let cifar10 = KnownData(
    name: "cifar10", origin: "A. Krizhevsky, V. Nair, G. Hinton: CIFAR-10",
    address: "https://www.cs.toronto.edu/~kriz/",
    files: [
      KnownFile(
        path: "cifar10/cifar-10-binary.tar.gz", bytes: 170_052_171,
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")
    ])
  public static let all = [mnist, fashion, cifar10]
  /// N-MNIST comes as two zip archives, which have to be unpacked by hand.
  public static func remedyForNMNIST(_ folder: String?) -> String {
    "unpack Train.zip and Test.zip of doi:10.17632/468j46mzdv.1 into \(folder ?? ".")/nmnist"
  }
}

/// SHA-256 as lower-case hexadecimal.
public enum Checksum {
  public static func sha256(_ bytes: some Sequence<UInt8>) -> String {
    hexadecimal(SHA256.hash(data: Array(bytes)))
  }
  public static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(digest(bytes)) }
  static func digest(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
  static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    digest.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}
