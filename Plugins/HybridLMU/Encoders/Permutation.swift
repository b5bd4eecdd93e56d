/// Orders of the pixels of an image that were published, made as their programs made them.
enum Permutation {
  /// The order of the article's experiment: seed 50, the second permutation; the first one orders 60 000 images.
  static let published: [Int] = {
    var twister = MersenneTwister(seed: 50)
    _ = twister.permutation(60_000)
    return twister.permutation(784)
  }()
  /// The order of the library's example: seed 0, the first permutation. Another task; numbers must not be mixed.
  static let library: [Int] = {
    var twister = MersenneTwister(seed: 0)
    return twister.permutation(784)
  }()
}

/// The generator MT19937 with 32 bits, and shuffling as NumPy does it.
///
/// - Reference: M. Matsumoto, T. Nishimura, ACM Trans. Model. Comput. Simul. 8(1), 1998, doi:10.1145/272991.272995.
struct MersenneTwister {
  private var state: [UInt32], index = 624

  init(seed: UInt32) {
    state = [seed]
    for i in 1..<624 {
      let last = state[i - 1]
      state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(i))
    }
  }
  mutating func next() -> UInt32 {
    if index == 624 { turn() }
    var y = state[index]
    index += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9D2C_5680
    y ^= (y << 15) & 0xEFC6_0000
    return y ^ (y >> 18)
  }
  private mutating func turn() {
    for i in 0..<624 {
      let y = (state[i] & 0x8000_0000) | (state[(i + 1) % 624] & 0x7FFF_FFFF)
      state[i] = state[(i + 397) % 624] ^ (y >> 1) ^ (y & 1 == 1 ? 0x9908_B0DF : 0)
    }
    index = 0
  }
  /// Uniform in 0 … most: as many bits as it has, drawn again where they are more.
  mutating func integer(upTo most: UInt32) -> UInt32 {
    let mask = UInt32.max >> UInt32(most.leadingZeroBitCount)
    var value = next() & mask
    while value > most { value = next() & mask }
    return value
  }
  /// 0 … count − 1 in random order.
  mutating func permutation(_ count: Int) -> [Int] {
    var result = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { result.swapAt(i, Int(integer(upTo: UInt32(i)))) }
    return result
  }
}
