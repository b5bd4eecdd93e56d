import Accelerated
import Classic
import Commands
import Compute
import Engine
import Foundation
import Language
import Synchronization

/// A session in a folder of its own, with plugins that misbehave as they are told.
final class Bench {
  private final class Paper: Sendable { let text = Mutex("") }
  private let paper = Paper(), stop = Atomic<Bool>(false)
  let folder: URL, session: Session

  init(threads: Int = 2, isInterrupted: @escaping @Sendable () -> Bool = { false }) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "soma-plugin-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var registry = Registry()
    try registry.add(BuiltIn.self)
    try registry.add(ClassicPlugin.self)
    let paper = paper
    session = Session(
      registry: registry, machine: Machine(backend: Native(), threads: threads),
      surroundings: Surroundings(
        write: { text in paper.text.withLock { $0 += text } },
        writeError: { text in paper.text.withLock { $0 += text } }, isInterrupted: isInterrupted))
  }
  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Runs lines and returns what they print; the folder is called FOLDER.
  @discardableResult
  func run(_ text: String) -> String {
    session.run(Source(text.replacing("FOLDER", with: folder.path), name: "input"))
    return paper.text.withLock { text in
      defer { text = "" }
      return text.replacing(folder.path, with: "FOLDER")
    }
  }
  /// The title of the first error, or everything where there is none.
  func error(_ text: String) -> String {
    let told = run(text)
    return told.split(separator: "\n").first { $0.hasPrefix("error") }.map(String.init) ?? told
  }

  /// Writes a plugin with the neuron `cell`, which adds its current up, and the code `same`.
  ///
  /// - Parameters:
  ///   - hello: Python that may change `hello`, what the plugin declares.
  ///   - advance: Python that may change `values`, the numbers of an answer, or do worse.
  @discardableResult
  func plugin(_ name: String, hello: String = "pass", advance: String = "pass", begin: String = "pass") throws -> String
  {
    let text = """
      import array, json, os, sys, time
      out = sys.stdout.buffer
      \(begin)
      hello = {"protocol": 1, "name": "toy", "neurons": [{"name": "cell", "summary": "Adds up.", "silent": True,
        "variables": [{"name": "v"}], "settings": [{"name": "tau", "default": 20, "unit": "ms", "low": 1, "high": 100,
        "summary": "Not used."}]}], "encoders": [{"name": "same", "summary": "The values.", "monotone": True}]}
      for line in iter(sys.stdin.buffer.readline, b""):
        call = json.loads(line)
        given = array.array("f", sys.stdin.buffer.read(call.get("bytes", 0)))
        name = call["call"]
        if name == "hello":
          \(hello)
          out.write(json.dumps(hello).encode() + b"\\n")
        elif name == "code":
          out.write(json.dumps({"id": call["id"], "steps": 2, "features": call["shape"], "alphabet": "graded"}).encode() + b"\\n")
        else:
          values = array.array("f")
          if name == "rest": values.append(0)
          if name == "encode": values = given + given
          if name == "advance":
            n, v, sent, record = call["count"], given[:call["count"]], array.array("f"), array.array("f")
            for t in range(call["steps"]):
              for i in range(n): v[i] += given[(1 + t) * n + i]
              if call["record"]: record.extend(v)
              for i in range(n):
                sent.append(1 if v[i] >= 1 else 0)
                if v[i] >= 1: v[i] = 0
            values = v + sent + record
            \(advance)
          block = values.tobytes()
          out.write(json.dumps({"id": call["id"], "bytes": len(block)}).encode() + b"\\n" + block)
        out.flush()

      """
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    return "FOLDER/\(name)"
  }
}
