import Accelerated
import Compute
import Spiking
import Testing

@testable import Datasets

@Suite struct EventTests {
  private typealias Event = EventRecording.Event
  private func fact(_ raw: [UInt8]) -> FileProblem.Fact? {
    do throws(FileProblem) {
      _ = try EventRecording(raw, file: "f")
      return nil
    } catch { return error.fact }
  }
  /// 300 events all over a recording of `length` µs.
  private func recording(_ seed: UInt64, length: Int = 300_000) -> EventRecording {
    let random = RandomStream(seed: seed)
    let events = (0..<300).map { k in
      Event(
        x: random.integer(below: 34, counter: 4 * k), y: random.integer(below: 34, counter: 4 * k + 1) / 3,
        isOn: random.integer(below: 2, counter: 4 * k + 2) == 1, time: random.integer(below: length, counter: 4 * k + 3)
      )
    }
    return EventRecording(events: events.sorted { $0.time < $1.time })
  }
  private func bytes(_ recording: EventRecording) -> [UInt8] {
    recording.events.flatMap { Sample.event($0.x, $0.y, $0.isOn, $0.time) }
  }

  @Test func fiveBytesAnEvent() throws {
    let recording = try EventRecording([3, 33, 0x81, 0x02, 0x03, 0, 1, 0x7F, 0xFF, 0xFF], file: "f")
    #expect(
      recording.events == [
        Event(x: 3, y: 33, isOn: true, time: 0x010203), Event(x: 0, y: 1, isOn: false, time: 0x7FFFFF),
      ])
    let whole = self.recording(1)
    #expect(try EventRecording(bytes(whole), file: "f") == whole)
  }
  /// Row 240 tells that the clock went around.
  @Test func theClockGoesOn() throws {
    let raw = Sample.event(1, 1, true, 5) + Sample.event(0, 240, false, 0) + Sample.event(2, 2, false, 7)
    #expect(try EventRecording(raw, file: "f").events.map(\.time) == [5, 8199])
  }
  @Test func whatIsNoRecording() {
    for length in 1..<5 { #expect(fact(Array(Sample.event(1, 1, true, 9).prefix(length))) == .truncated) }
    #expect(fact([]) == .mismatched("it holds no events"))
    #expect(fact(Sample.event(34, 3, true, 9)) == .damaged("an event at (34, 3) lies outside of 34×34"))
    #expect(fact(Sample.event(3, 34, true, 9)) == .damaged("an event at (3, 34) lies outside of 34×34"))
    for seed in 0..<50 {
      let random = RandomStream(seed: UInt64(seed))
      _ = fact((0..<seed * 5).map { UInt8(random.integer(below: 256, counter: $0)) })
    }
  }

  /// Counts of all bins are all events; signed ones are the difference of the channels; presence is their sign.
  @Test(arguments: [1, 3, 10, 1000]) func binsLoseNoEvent(_ bins: Int) {
    let recording = recording(2), size = 34 * 34
    func frames(_ form: PolarityForm, _ counts: Bool) -> [Int] {
      EventFrames(bins: bins, polarity: form, counts: counts).frames(of: recording).map(Int.init)
    }
    let counts = frames(.channels, true), presence = frames(.channels, false)
    #expect(counts.reduce(0, +) == 300)
    #expect(presence == counts.map { min(1, $0) })
    let (off, on) = (
      (0..<bins * size).map { counts[$0 / size * 2 * size + $0 % size] },
      (0..<bins * size).map { counts[($0 / size * 2 + 1) * size + $0 % size] }
    )
    #expect(on.reduce(0, +) == recording.events.count(where: \.isOn))
    #expect(frames(.signed, true) == zip(on, off).map(-))
    #expect(frames(.signed, false) == zip(on, off).map { ($0 - $1).signum() })
    #expect(frames(.merged, true) == zip(on, off).map(+))
    #expect(frames(.merged, false) == zip(on, off).map { min(1, $0 + $1) })
  }
  @Test func anEventFallsIntoItsBin() {
    func bin(_ time: Int, _ frames: EventFrames) -> Int? {
      let last = Event(x: 1, y: 0, isOn: true, time: 99_999)
      let values = frames.frames(of: EventRecording(events: [Event(x: 0, y: 0, isOn: true, time: time), last]))
      return (0..<frames.bins).first { values[$0 * 34 * 34] == 1 }
    }
    let whole = EventFrames(bins: 10, polarity: .merged)
    #expect([0, 9999, 10_000, 99_999].map { bin($0, whole) } == [0, 0, 1, 9])
    let window = EventFrames(bins: 10, polarity: .merged, window: 50_000)
    #expect([0, 4999, 5000, 49_999, 50_000].map { bin($0, window) } == [0, 0, 1, 9, nil])
  }
  @Test func countsStopAtTheirLargest() {
    let many = EventRecording(events: (0..<400).map { Event(x: 0, y: 0, isOn: $0 >= 200, time: 0) })
    let frames = EventFrames(bins: 1, polarity: .channels, counts: true).frames(of: many)
    #expect(frames[0] == 127 && frames[34 * 34] == 127)
  }
  @Test func alphabets() {
    #expect(EventFrames(bins: 1).alphabet == .binary && EventFrames(bins: 1, polarity: .merged).alphabet == .binary)
    #expect(EventFrames(bins: 1, polarity: .signed).alphabet == .ternary)
    #expect(EventFrames(bins: 1, polarity: .signed, counts: true).alphabet == .graded)
  }

  private func filled() throws -> Folder {
    let folder = try Folder()
    for (label, number) in [(3, 2), (0, 10), (3, 1)] {
      try folder.write(bytes(recording(UInt64(number))), to: "nmnist/Train/\(label)/0000\(number).bin")
    }
    try folder.write(bytes(recording(7)), to: "nmnist/Test/9/00001.bin")
    try folder.write([1], to: "nmnist/Train/3/.DS_Store")
    try folder.write([1], to: "nmnist/Train/3/readme.txt")
    return folder
  }
  private func folders(_ folder: Folder) -> DataFolder {
    DataFolder(set: folder.path, environment: ["XDG_CACHE_HOME": folder.path])
  }
  @Test func recordingsStandInOrderOfTheirNumbers() throws {
    let folder = try filled(), files = try NMNIST(in: folders(folder)), frames = EventFrames(bins: 4, polarity: .signed)
    #expect(files.bytes(frames) == 4 * 4 * 34 * 34)
    let data = try files.read(frames), train = try #require(data[.train])
    #expect(data.shape == [4, 1, 34, 34] && data.alphabet == .ternary && data.count(.test) == 1)
    #expect((0..<3).map(train.label) == [3, 3, 0])
    for (sample, seed) in [1, 2, 10].enumerated() {
      #expect(train.sample(sample) == frames.frames(of: recording(UInt64(seed))).map(Float.init))
    }
    let two = try files.read(frames, machine: Machine(backend: Native(), threads: 2))
    #expect(two.checksum == data.checksum && two[.train]?.sample(2) == train.sample(2))
  }
  @Test func foldersThatAreMissingOrEmpty() throws {
    #expect(throws: FileProblem("nmnist/Train", .missing)) { _ = try NMNIST(in: folders(Folder())) }
    let folder = try Folder()
    try folder.write([1], to: "nmnist/Train/x/1.bin")
    #expect(
      throws: FileProblem(
        folder.path + "/nmnist/Train", .foreign(expected: "a folder of recordings, as in 7/12.bin"))
    ) { _ = try NMNIST(in: folders(folder)) }
  }
  @Test func aBrokenRecordingIsNamed() throws {
    let folder = try filled(), path = try folder.write([1, 2, 3], to: "nmnist/Train/3/00001.bin")
    let files = try NMNIST(in: folders(folder))
    #expect(throws: FileProblem(path, .truncated)) { try files.read(EventFrames()) }
    #expect(throws: FileProblem("nmnist/Train", .interrupted)) {
      try files.read(EventFrames(), isInterrupted: { true })
    }
  }
  /// Of the recordings at hand as many events are counted as their files hold.
  @Test func thePublishedRecordings() throws {
    guard let files = try Published.read("N-MNIST", { try NMNIST(in: $0) }) else { return }
    let data = try files.read(EventFrames(bins: 5, counts: true), machine: Published.machine)
    let view = try #require(data[.test]), paths = try #require(files.files[.test])
    for sample in 0..<view.count {
      let size = try DataFile.content(of: paths[sample].path, limit: 1 << 20).count
      #expect(view.sample(sample).reduce(0, +) == Float(size / 5))
    }
  }
}
