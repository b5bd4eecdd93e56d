internal import Compute
internal import Engine
internal import Language
internal import Spiking

/// `residual { | conv 32 | … }`: what the block makes of what flows in, plus what flows in.
struct Residual: Command {
  var block: BlockArgument?, name: String?
  static let accepts: [ValueType] = [.dataset, .spikes, .model], gives: [ValueType] = [.model]
  static let manual = Manual(
    "residual", "Adds what flows in to what the layers of a block make of it.",
    equation: "y = F(x) + shortcut(x)",
    reference: "K. He et al., CVPR 2016, arXiv:1512.03385",
    details: """
      The shortcut is what flows in; where the block changes the shape, a convolution of kernel 1 and a batch \
      normalisation bring it to the same. The sum stands in front of the next neuron.
      """,
    examples: [
      "data glyphs | encode direct steps=2 | conv 4 | batchnorm | neuron ternary | residual { | conv 4 | batchnorm | neuron ternary | conv 4 | batchnorm } | neuron ternary | layers"
    ])
  static let settings: [Setting<Self>] = [
    Setting("block", \.block, "Layers of the branch, beginning with a bar.", form: .value("block")),
    Setting("name", \.name, "Name of the sum.", form: .name),
  ]

  private func joined(_ model: Model, _ context: Context) throws -> Model {
    if let noun = block?.noun, !noun.isEmpty {
      throw Diagnostic(
        "residual.block", "the block gives \(noun), not layers",
        help: "write residual { | conv 8 kernel=3 | batchnorm }")
    }
    guard let branch = block?.model else {
      throw Diagnostic(
        "residual.block", "'residual' needs a block of layers", help: "write residual { | conv 8 kernel=3 | batchnorm }"
      )
    }
    let start = model.network.nodes.count
    guard branch.network.nodes.count > start,
      zip(branch.network.nodes, model.network.nodes).allSatisfy({ $0.name == $1.name }),
      branch.network.input == model.network.input
    else {
      throw Diagnostic(
        "residual.block", "the block makes another network instead of adding layers to the one that flows in",
        help: "begin it with a bar, as in { | conv 8 kernel=3 }")
    }
    do throws(ShapeError) {
      return try branch.changed(seed: context.seed) { (network) throws(ShapeError) in
        let end = network.nodes.count
        let shortcut = try network.shortcut(from: start, to: network.shape(ofSignal: end))
        try network.join(end, with: shortcut, name: name)
      }
    } catch { throw Diagnostic(error.code, error.message) }
  }
  func check(_ input: Facts, _ context: Context) throws -> Facts {
    guard var facts = try input.modelFacts(context), !context.pending.contains("block"), block?.isUnknown != true else {
      return .unknown
    }
    facts.model = try joined(facts.model, context)
    return .model(facts)
  }
  func run(_ input: Value.Content, _ context: Context) throws -> Value.Content {
    .model(try joined(input.shapedModel(context), context))
  }
}

/// What a block made of what flows in.
struct BlockArgument: SettingValue {
  /// Nil where only the run will tell, or where it is something else.
  var model: Model?, isUnknown = false, noun = ""
  static var form: SettingForm { .value("block") }
  init?(argument: Argument) {
    guard case .object(let object) = argument else { return nil }
    switch object {
    case let content as Value.Content:
      if case .model(let made) = content { model = made } else { noun = content.type.noun }
    case let facts as Facts:
      if case .model(let known) = facts {
        model = known.model
      } else if let type = facts.type {
        noun = type.noun
      } else {
        isUnknown = true
      }
    default: return nil
    }
  }
  var argument: Argument { .text("") }
}
