internal import Engine
internal import Language
internal import Spiking

extension LegendreSystem {
  /// Refuses Euler's rule where it would grow without bound. The window is counted in steps.
  static func requireStable(order: Int, window: Double, rule: Discretisation) throws(ShapeError) {
    guard rule == .euler, window <= EulerBound.window(order: order) else { return }
    let bound = Quantity(EulerBound.window(order: order)).written(digits: 4)
    throw ShapeError(
      code: "memory.unstable",
      message:
        "rule=euler is unstable for order \(order) and a window of \(Quantity(window).written(digits: 4)) steps; it needs more than \(bound)"
    )
  }
}
