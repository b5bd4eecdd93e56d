internal import Language
internal import Plotting
internal import Spiking

extension Interpreter {
  /// Shows the value of a line: reports, tables and figures whole, others in one line.
  func show(_ outcome: Outcome, of pipeline: Pipeline) {
    guard !isChecking, quietDepth == 0, !outcome.isWritten, let content = outcome.result.content else { return }
    let isBareName = pipeline.stages.count == 1 && !pipeline.continues && isValueAlone(pipeline.stages[0])
    let isWhole: Bool =
      switch content {
      case .report, .table, .figure: true
      case .list(let items): items.first?.type == .figure || isBareName
      case .nothing: false
      case .model: isBareName || isExplained(pipeline)
      default: isBareName
      }
    write(
      isWhole
        ? Presentation.full(content, state.settings, options: textOptions, width: tableWidth)
        : Presentation.summary(content, digits: state.settings.precision))
  }
  private func isValueAlone(_ stage: Stage) -> Bool {
    switch stage.kind {
    case .formula: true
    case .call(let name, let arguments, _):
      arguments.isEmpty && !registry.verbs.contains(name.text) && state.functions[name.text] == nil
    default: false
    }
  }
  /// The summary of what a `let` bound.
  func tell(_ item: Item, of pipeline: Pipeline) {
    guard !isChecking, quietDepth == 0, let content = item.content else { return }
    write(
      content.type == .model && isExplained(pipeline)
        ? Presentation.full(content, state.settings, options: textOptions, width: tableWidth)
        : Presentation.summary(content, digits: state.settings.precision))
  }
  func tell(_ item: Item) {
    guard !isChecking, quietDepth == 0, let content = item.content else { return }
    write(Presentation.summary(content, digits: state.settings.precision))
  }
  /// Whether the last stage makes something that says what was done, as a conversion does.
  private func isExplained(_ pipeline: Pipeline) -> Bool {
    guard case .call(let name, _, _)? = pipeline.stages.last?.kind else { return false }
    return registry.family(name.text).contains(where: \.isExplained)
  }
  func write(_ text: String) {
    guard !text.isEmpty else { return }
    surroundings.write(text + (text.hasSuffix("\n") ? "" : "\n"))
  }
  /// Columns for tables: unlimited where nobody tells, so that pipes get whole rows.
  var tableWidth: Int? { state.settings.width > 0 ? state.settings.width : surroundings.width() }
  var textOptions: TextOptions {
    let style: TextOptions.Style =
      switch state.settings.style {
      case .ascii: .ascii
      case .blocks: .blocks
      case .braille: .braille
      }
    let width = state.settings.width > 0 ? state.settings.width : surroundings.width() ?? 80
    let usesColor = state.settings.color == .always || (state.settings.color == .auto && surroundings.showsColor)
    let depth: TextOptions.ColourDepth = surroundings.showsEveryColor ? .direct : .full
    return TextOptions(width: min(width, 160), style: style, colour: usesColor ? depth : .none)
  }
  func tellTimings() {
    for (stage, seconds) in timings {
      write("  \(Quantity(seconds, .time).written(digits: 3))  \(stage.split(separator: "\n").first ?? "")")
    }
  }
}
