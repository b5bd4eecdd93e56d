internal import CZlib

/// Bytes in the format zlib (RFC 1950), or nothing when the library fails.
func deflated(_ bytes: [UInt8], level: Int) -> [UInt8]? {
  var length = compressBound(uLong(bytes.count))
  var result = [UInt8](repeating: 0, count: Int(length))
  let status = compress2(&result, &length, bytes, uLong(bytes.count), Int32(max(1, min(9, level))))
  guard status == Z_OK else { return nil }
  result.removeSubrange(Int(length)...)
  return result
}

/// The CRC-32 of bytes.
func checksum(of bytes: [UInt8]) -> UInt32 {
  UInt32(truncatingIfNeeded: crc32(0, bytes, uInt(bytes.count)))
}
