/// Collects what breaks a law; an empty list means that it holds.
///
/// A test reads `#expect(checkNeuron(LeakyIntegrateAndFire()) == [])`, so that a failure prints the laws broken.
struct Laws {
  private(set) var broken: [String] = []
  mutating func require(_ holds: Bool, _ law: @autoclosure () -> String) {
    if !holds { broken.append(law()) }
  }
}
