import Engine
import Foundation
import Language
import Laws
import Spiking
import Testing

@Suite struct VerifyTests {
  private func broken(_ what: String) throws -> String {
    let lab = try Lab { registry in
      try registry.register(neuron: Faulty.self)
      try registry.register(neuron: WrongSlope.self)
    }
    return lab.run("\(what) | verify | where holds == false | select law seen")
  }
  @Test func aSoundNeuronKeepsThemAll() throws {
    #expect(try broken("neuron faulty") == "law  seen\n")
  }
  /// Every law of neurons is seen broken, with what is seen.
  @Test(
    arguments: [
      ("apart", "apart", "neuron 0 alone sends something else than within a population"),
      ("recorder", "recorder", "the recorder changes the run"),
      ("chunks", "chunks", "a run in two chunks sends something else"),
      ("seeds", "seeds", "a second run from rest differs from the first"),
      ("rest", "rest", "a run from rest depends on what was in the memory of its state"),
      ("silence", "silence", "it spikes without input"), ("alphabet", "alphabet", "binary spikes of several heights"),
      ("infinite", "finite numbers", "a state is not finite"), ("gradient", "gradient", "a gradient is not finite"),
      ("gradient-apart", "gradient apart", "the gradient of neuron 0 depends on its block"),
      ("gradient-sum", "gradient sum", "a constant current does not get the sum over its steps"),
      ("saving", "saving", "the neuron of the file sends something else"),
    ] as [(String, String, String)])
  func faultsAreFound(_ fault: String, _ law: String, _ seen: String) throws {
    let told = try broken("neuron faulty fault=\(fault)")
    #expect(told.contains("\n" + law) && told.contains(seen), "\(told)")
  }
  @Test func wrongSlopesAreFound() throws {
    let told = try broken("neuron wrong-slope")
    #expect(told.contains("smooth spikes") && told.contains("finite difference"), "\(told)")
  }
  @Test(
    arguments: [
      (.seeds, "seeds"), (.batch, "batch"), (.times, "times"), (.monotony, "monotony"), (.decoding, "decoding"),
      (.infinite, "shape"),
    ] as [(FaultyCode.Fault, String)])
  func faultsOfCodesAreFound(_ fault: FaultyCode.Fault, _ law: String) {
    #expect(checkEncoder(FaultyCode()).broken == [])
    let laws = checkEncoder(FaultyCode(fault)).verdicts.filter { !$0.seen.isEmpty }.map(\.law.name)
    #expect(laws.contains(law), "\(laws)")
  }
  /// Whatever comes with Soma keeps every law.
  @Test func everythingHolds() throws {
    for what in ["neurons", "codes", "trainers"] {
      let told = try Lab().run("verify \(what) | where holds == false")
      #expect(!told.contains("false"), "\(told)")
      #expect(!told.contains("error"), "\(told)")
    }
  }
  @Test func neuronsByEquationsAreVerified() throws {
    let lab = try Lab()
    lab.run("neuron define f { v' = (I - v)/tau; spike v >= 1; reset v = 0 } tau=20ms")
    #expect(lab.run("f | verify | select law").contains("gradient sum"))
    #expect(!lab.run("f | verify | where holds == false").contains("false"))
  }
  @Test func diagnostics() throws {
    let lab = try Lab()
    #expect(
      lab.run("verify liff") == """
        error[name.choice]: 'liff' is no neuron, code or trainer
         --> input:1:1
        1 | verify liff
          | ^^^^^^^^^^^
          = help: did you mean 'lif'?

        """)
    #expect(lab.run("neuron lif | verify ttfs").contains("error[verify.twice]: a neuron flows in already"))
  }
  @Test func interruption() throws {
    let lab = try Lab()
    #expect(lab.run("verify", interruptedAfter: 3).contains("interrupted"))
  }
}
