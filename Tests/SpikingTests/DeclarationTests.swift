import Compute
import Spiking
import TestSupport
import Testing

@Suite struct DeclarationTests {
  @Test func quantitiesKeepLiteralsAndAreWritten() {
    #expect(Quantity(20, Unit("ms")!).value == 0.02)
    #expect(Quantity(20, Unit("ms")!).written() == "20ms")
    #expect(Quantity(0.05, .time).written() == "50ms")
    #expect(Quantity(1.5, .time).written() == "1.5s")
    #expect(Quantity(50, .frequency).written() == "50Hz")
    #expect(Quantity(3e-12, .current).written() == "3pA")
    #expect(Quantity(1 / 3.0).written(digits: 3) == "0.333")
    #expect(
      Quantity.decimal(1e-7) == "1e-7" && Quantity.decimal(-1250) == "-1250" && Quantity.decimal(.infinity) == "inf")
    #expect(Dimension.voltage / .current == .resistance && Dimension.resistance * .capacitance == .time)
  }
  @Test func layersAreDeclaredSoundly() {
    #expect(checkDeclared(Dense.self) == [])
    #expect(checkDeclared(Convolution.self) == [])
    #expect(checkDeclared(Pool.self) == [])
    #expect(checkDeclared(Rectifier.self) == [])
  }
  @Test func settingsAreReadCheckedAndRefused() throws {
    let layer = try Dense().applying([("units", .quantity(Quantity(600))), ("weights", .text("binary"))])
    #expect(layer.units == 600 && layer.weights == .binary && !layer.hasBias)
    #expect(try Dense().applying([("bias", .flag(false))]).bias == false)
    func problem(_ name: String, _ argument: Argument) -> SettingProblem.Fact? {
      do { _ = try Dense().applying([(name, argument)]) } catch { return error.fact }
      return nil
    }
    if case .unknown(let known)? = problem("unit", .flag(true)) {
      #expect(known == ["units", "weights", "bias"])
    } else {
      Issue.record()
    }
    if case .wrongForm? = problem("units", .quantity(Quantity(1, .time))) {} else { Issue.record("a time is no count") }
    if case .outOfRange? = problem("units", .quantity(Quantity(0))) {} else { Issue.record("no units") }
    if case .wrongForm(.choice(let names, _), _)? = problem("weights", .text("ternary")) {
      #expect(names == ["real", "binary"])
    } else {
      Issue.record()
    }
  }
}
