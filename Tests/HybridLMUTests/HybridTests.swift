import Accelerated
import Compute
import Foundation
import Laws
import Spiking
import TestSupport
import Testing

@testable import HybridLMU

/// Training while activations become spikes, and conversion without.
@Suite struct HybridTests {
  @Test func courseIsGolden() throws {
    for golden in try Golden.read(Golden.Schedule.self, "quantizer-schedule").cases {
      let found = golden.steps.map {
        OmegaCourse.geometric.omega(from: golden.omega0, to: golden.omega1, at: Double($0) / Double(golden.total))
      }
      #expect(largest(found, golden.omega) < 1e-12)
    }
    #expect(OmegaCourse.linear.omega(from: 10, to: 2, at: 0.25) == 8)
    #expect(OmegaCourse.fixed.omega(from: 10, to: 2, at: 0) == 2)
    #expect(OmegaCourse.geometric.omega(from: 64, to: .infinity, at: 0.5) == .infinity)
  }
  private func model(_ change: (inout LMU) -> Void = { _ in }) throws -> Model {
    var layer = LMU()
    (layer.units, layer.memory, layer.window, layer.channels) = (12, 4, .steps(6), 2)
    change(&layer)
    return try Model(EncodedData(Toy.bands(), Rows(), seed: 1, dt: .ms(1))).appending(layer).appending(Dense(3))
  }
  private func trainer(_ epochs: Int = 3, _ change: (inout HybridTrainer) -> Void = { _ in }) -> HybridTrainer {
    var trainer = HybridTrainer()
    (trainer.options.epochs, trainer.options.batch, trainer.options.rate) = (epochs, 16, 0.01)
    change(&trainer)
    return trainer
  }
  @Test(arguments: OmegaCourse.allCases) func obeysTheLaws(_ course: OmegaCourse) throws {
    func made(_ epochs: Int) -> HybridTrainer { trainer(epochs) { ($0.course, $0.omega, $0.omegaM) = (course, 2, 8) } }
    let machine = { (threads: Int) in Machine(backend: Native(), threads: threads) }
    #expect(try checkTrainer(made(3), model: try model { $0.start = .random }, machine: machine, epochs: made).broken == [])
    #expect(checkDeclared(HybridTrainer.self) == [])
  }
  @Test func coursesDiffer() throws {
    func values(_ change: (inout HybridTrainer) -> Void) throws -> [UInt32]? {
      let model = try model(),
        trainer = trainer(2) {
          $0.omega = 1
          change(&$0)
        }
      let data = try #require(model.data)
      return try trainer.train(model, on: data, TrainingRun(machine: Machine(), seed: 3)).parameters?.flat.bits
    }
    let runs = try [
      values { _ in }, values { $0.course = .linear }, values { $0.course = .fixed }, values { $0.from = 3 },
      values { $0.until = 0.2 }, values { $0.omegaM = 2 }, values { $0.readout = .mean }, values { $0.omega = 2 },
      values { $0.options.clip = 1e-3 },
    ]
    #expect(Set(runs).count == runs.count)
  }
  /// The model that comes out has the quanta it was to arrive at and answers by the last step.
  @Test func arrivesWhereItWasTold() throws {
    let model = try model(), data = try #require(model.data)
    let trained = try trainer(1) { ($0.omega, $0.omegaM) = (2, 4) }.train(
      model, on: data, TrainingRun(machine: Machine()))
    let layer = try #require(trained.network.nodes[0].layer as? LMU)
    #expect(layer.omegaH == 2 && layer.omegaM == 4 && trained.network.carry == 0)
    #expect(trained.hasSpikes && trained.trainer == "hybrid")
    // A layer of its own quanta keeps them where none are asked for.
    let other = try trainer(1).train(try self.model { $0.omegaH = 3 }, on: data, TrainingRun(machine: Machine()))
    #expect((other.network.nodes[0].layer as? LMU)?.omegaH == 3)
  }
  @Test func conversionKeepsWeights() throws {
    let model = try model().initialised(seed: 1)
    var quantise = Quantise()
    (quantise.omegaH, quantise.omegaM, quantise.rounding) = (2, 4, .nearest)
    let converted = try quantise.convert(model, ConversionRun(machine: Machine()))
    let layer = try #require(converted.network.nodes[0].layer as? LMU)
    #expect(layer.omegaH == 2 && layer.omegaM == 4 && layer.rounding == .nearest)
    #expect(converted.parameters?.flat == model.parameters?.flat)
    #expect(converted.conversion?["omega_m", "lmu1"] == .number(4))
    let plain = try Model(EncodedData(Toy.bands(), Rows(), seed: 1, dt: .ms(1))).appending(Dense(3))
    #expect(throws: ConversionProblem.self) { try quantise.outline(of: plain) }
    #expect(checkDeclared(Quantise.self) == [])
  }
}
