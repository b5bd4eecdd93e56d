public import Compute

/// What stands in the way of a conversion: a stable code, what is wrong and where, and one remedy.
public struct ConversionProblem: Error, Sendable, Equatable {
  public var code: String, message: String, remedy: String?
  public init(_ code: String, _ message: String, remedy: String? = nil) {
    (self.code, self.message, self.remedy) = (code, message, remedy)
  }
  /// The user interrupted: nothing is converted.
  public static let interrupted = ConversionProblem("interrupted", "interrupted")
}

/// A rewriting of a trained network into one of another kind: rates for activations, few levels for many.
public protocol Converter: Declared {
  /// Whether it cannot do without samples to calibrate with.
  var needsData: Bool { get }
  /// Layers and code of the model that will come out, without values; asked while the line is checked.
  ///
  /// - Throws: the first thing along the network that cannot be converted.
  func outline(of model: Model) throws(ConversionProblem) -> Model
  /// The converted model, with `conversion` and `notes` saying what was done to each layer and why.
  ///
  /// - Throws: what only values tell, such as weights that are no numbers. Calibration sees training samples only.
  func convert(_ model: Model, _ run: ConversionRun) throws(ConversionProblem) -> Model
}
extension Converter {
  public var kind: String { Self.manual.name }
  public var needsData: Bool { false }
}

/// The surroundings of a conversion.
public struct ConversionRun: Sendable {
  public var machine: Machine, seed: UInt64
  /// Samples to calibrate with: those of the model or others given; nil where there are none.
  public var data: EncodedData?
  public var isInterrupted: @Sendable () -> Bool

  public init(
    machine: Machine, seed: UInt64 = 1, data: EncodedData? = nil,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.machine, self.seed, self.data, self.isInterrupted) = (machine, seed, data, isInterrupted)
  }
  /// Ends the conversion where the user interrupted; to be called several times a second.
  public func poll() throws(ConversionProblem) { if isInterrupted() { throw .interrupted } }
}

/// What a rewriting did to the layers of a model, as named columns with one entry per layer concerned.
public struct LayerNotes: Sendable, Equatable {
  public enum Entry: Sendable, Equatable { case number(Double), text(String), none }
  /// Names of the layers, one per row.
  public var layers: [String]
  public private(set) var columns: [String] = []
  private var entries: [String: [Entry]] = [:]

  public init(layers: [String]) { self.layers = layers }
  /// One entry per layer; `none` for layers and columns that do not exist.
  public subscript(column: String) -> [Entry] {
    get { entries[column] ?? layers.map { _ in .none } }
    set {
      precondition(newValue.count == layers.count, "one entry per layer")
      if entries[column] == nil { columns.append(column) }
      entries[column] = newValue
    }
  }
  public subscript(column: String, layer: String) -> Entry {
    layers.firstIndex(of: layer).map { self[column][$0] } ?? .none
  }
}
