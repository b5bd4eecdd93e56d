import Compute
import Testing

@Suite struct TensorTests {
  @Test func copiesAreIndependent() {
    let original = Tensor([1, 2, 3, 4], [2, 2])
    var copy = original
    copy[0] = 9
    copy.write { $0[1] = 8 }
    var span = copy.mutableSpan
    span[2] = 7
    #expect(original.values == [1, 2, 3, 4])
    #expect(copy.values == [9, 8, 7, 4])
  }
  @Test func unsharedStorageIsNotCopied() {
    var tensor = Tensor(zeros: [100])
    let before = tensor.read { UInt(bitPattern: $0) }
    tensor.write { $0[3] = 1 }
    #expect(tensor.read { UInt(bitPattern: $0) } == before)
  }
  @Test(arguments: [0, 1, 15, 16, 17, 1000]) func storageIsAligned(_ count: Int) {
    let tensor = Tensor(zeros: [count])
    #expect(tensor.read { UInt(bitPattern: $0) % 64 } == 0)
    #expect(tensor.span.count == count)
  }
  @Test func reshapingSharesTheElements() {
    let tensor = Tensor((0..<12).map(Float.init), [3, 4]), flat = tensor.reshaped([12])
    #expect(flat.read { UInt(bitPattern: $0) } == tensor.read { UInt(bitPattern: $0) })
    #expect("\(tensor.shape)" == "3×4")
  }
}
