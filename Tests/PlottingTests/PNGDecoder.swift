/// A reader of PNG that shares nothing with the writer under test: its own inflate, checksums and filters.
struct PNGDecoder {
  enum Problem: Error { case signature, checksum(String), structure(String) }

  private(set) var width = 0
  private(set) var height = 0
  private(set) var pixelsPerMetre = 0
  private(set) var names: [String] = []
  /// Red, green and blue of each pixel.
  private(set) var pixels: [UInt8] = []

  init(_ file: [UInt8]) throws {
    guard file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { throw Problem.signature }
    var (position, colourType, palette, data) = (8, 0, [UInt8](), [UInt8]())
    while position + 12 <= file.count {
      let length = Self.number(file[position..<position + 4])
      guard position + 12 + length <= file.count else { throw Problem.structure("length") }
      let body = file[position + 4..<position + 8 + length]
      let name = String(decoding: body.prefix(4), as: UTF8.self)
      let sum = Self.number(file[position + 8 + length..<position + 12 + length])
      guard Self.crc(body) == UInt32(sum) else { throw Problem.checksum(name) }
      let content = Array(body.dropFirst(4))
      names.append(name)
      switch name {
      case "IHDR":
        (width, height) = (Self.number(content[0..<4]), Self.number(content[4..<8]))
        colourType = Int(content[9])
        guard content[8] == 8, content[10...] == [0, 0, 0] else { throw Problem.structure("IHDR") }
      case "pHYs": pixelsPerMetre = Self.number(content[0..<4])
      case "PLTE": palette = content
      case "IDAT": data += content
      default: break
      }
      position += 12 + length
    }
    let samples = colourType == 3 ? 1 : 3
    let bytes = try Inflate.zlib(data)
    let lines = try Self.unfiltered(bytes, width: width * samples, height: height, distance: samples)
    pixels = colourType == 3 ? lines.flatMap { palette[3 * Int($0)..<3 * Int($0) + 3] } : lines
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  private static func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
    }
  }

  private static func unfiltered(_ bytes: [UInt8], width: Int, height: Int, distance: Int) throws -> [UInt8] {
    guard bytes.count == height * (width + 1) else { throw Problem.structure("size") }
    var result = [UInt8](repeating: 0, count: width * height)
    for row in 0..<height {
      let filter = bytes[row * (width + 1)]
      guard filter <= 2 else { throw Problem.structure("filter") }
      for column in 0..<width {
        let left = column >= distance ? result[row * width + column - distance] : 0
        let above = row > 0 ? result[(row - 1) * width + column] : 0
        let base = filter == 1 ? left : filter == 2 ? above : 0
        result[row * width + column] = bytes[row * (width + 1) + 1 + column] &+ base
      }
    }
    return result
  }
}

/// Decompression by the text of RFC 1950 and 1951.
struct Inflate {
  enum Problem: Error { case damaged }

  private let bytes: [UInt8]
  private var bit = 0
  private var output: [UInt8] = []

  static func zlib(_ bytes: [UInt8]) throws -> [UInt8] {
    guard bytes.count > 6, bytes[0] & 15 == 8, (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 else {
      throw Problem.damaged
    }
    var inflate = Inflate(bytes: Array(bytes[2..<bytes.count - 4]))
    try inflate.run()
    var (a, b) = (UInt32(1), UInt32(0))
    for byte in inflate.output { (a, b) = ((a + UInt32(byte)) % 65521, (b + a + UInt32(byte)) % 65521) }
    let sum = bytes.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard b << 16 | a == sum else { throw Problem.damaged }
    return inflate.output
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func bits(_ count: Int) throws -> Int {
    var value = 0
    for index in 0..<count {
      guard bit / 8 < bytes.count else { throw Problem.damaged }
      value |= Int(bytes[bit / 8] >> UInt8(bit % 8) & 1) << index
      bit += 1
    }
    return value
  }

  private mutating func run() throws {
    var isLast = false
    while !isLast {
      isLast = try bits(1) == 1
      switch try bits(2) {
      case 0: try stored()
      case 1:
        let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
        try block(Codes(lengths), Codes(Array(repeating: 5, count: 30)))
      case 2:
        let (literals, distances) = try tables()
        try block(literals, distances)
      default: throw Problem.damaged
      }
    }
  }

  private mutating func stored() throws {
    bit = (bit + 7) / 8 * 8
    let count = try bits(16)
    _ = try bits(16)
    for _ in 0..<count { output.append(UInt8(try bits(8))) }
  }

  private mutating func tables() throws -> (Codes, Codes) {
    let (literals, distances, count) = (try bits(5) + 257, try bits(5) + 1, try bits(4) + 4)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var small = [Int](repeating: 0, count: 19)
    for index in 0..<count { small[order[index]] = try bits(3) }
    let codes = Codes(small)
    var lengths: [Int] = []
    while lengths.count < literals + distances {
      switch try symbol(codes) {
      case 16:
        guard let last = lengths.last else { throw Problem.damaged }
        lengths += Array(repeating: last, count: try bits(2) + 3)
      case 17: lengths += Array(repeating: 0, count: try bits(3) + 3)
      case 18: lengths += Array(repeating: 0, count: try bits(7) + 11)
      case let length: lengths.append(length)
      }
    }
    return (Codes(Array(lengths[..<literals])), Codes(Array(lengths[literals...])))
  }

  private mutating func block(_ literals: Codes, _ distances: Codes) throws {
    let lengthBase = [
      3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
    ]
    let lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
    while true {
      let code = try symbol(literals)
      if code == 256 { return }
      if code < 256 {
        output.append(UInt8(code))
        continue
      }
      let length = lengthBase[code - 257] + (try bits(lengthBits[code - 257]))
      let place = try symbol(distances)
      let extra = max(0, place / 2 - 1)
      let distance = (place < 4 ? place + 1 : ((2 + place % 2) << extra) + 1) + (try bits(extra))
      guard distance <= output.count else { throw Problem.damaged }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }

  private mutating func symbol(_ codes: Codes) throws -> Int {
    var (code, first, index) = (0, 0, 0)
    for length in 1...15 {
      code |= try bits(1)
      let count = codes.counts[length]
      if code - count < first { return codes.symbols[index + code - first] }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw Problem.damaged
  }

  /// A canonical Huffman code.
  private struct Codes {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int]

    init(_ lengths: [Int]) {
      for length in lengths where length > 0 { counts[length] += 1 }
      symbols = lengths.indices.filter { lengths[$0] > 0 }.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    }
  }
}
