/// Capability: two variables and the slopes of both, so that its course can be drawn in a plane.
public protocol PlanarNeuron: FineNeuron {
  /// What of the plane is worth showing.
  var window: PlaneWindow { get }
  /// How fast the first two variables change at a point, per ms.
  func slopes(_ v: Double, _ w: Double, current: Double) -> (Double, Double)
}
/// A part of the plane of two variables, in their units.
public struct PlaneWindow: Sendable, Equatable {
  public var across: ClosedRange<Double>, up: ClosedRange<Double>
  public init(across: ClosedRange<Double>, up: ClosedRange<Double>) { (self.across, self.up) = (across, up) }
}
