public import Compute

extension Dataset {
  private static func stream(_ random: RandomStream, _ part: Part) -> RandomStream { random.child(part.rawValue) }

  /// `n` samples of the usual part drawn without replacement, as a data set of one part.
  public func sampled(_ n: Int, random: RandomStream) -> Dataset {
    let part = usualPart
    guard let view = parts[part] else { return self }
    let chosen = Self.stream(random, part).shuffled(view.count).prefix(max(0, n))
    return holding([part: view.picking(Array(chosen))])
  }
  /// The first samples of each part; nil leaves a part whole.
  public func taking(train: Int? = nil, validation: Int? = nil, test: Int? = nil) -> Dataset {
    let limits: [Part: Int?] = [.train: train, .validation: validation, .test: test]
    var result = parts
    for (part, view) in parts {
      guard case .some(.some(let limit)) = limits[part] else { continue }
      result[part] = view.picking(Array(0..<min(view.count, max(0, limit))))
    }
    return holding(result)
  }
  /// Moves a share of the training part, drawn at random, to the validation part. Both keep their order.
  public func splitting(validation share: Double, random: RandomStream) -> Dataset {
    let source = learningPart
    guard let view = parts[source] else { return self }
    let order = Self.stream(random, source).shuffled(view.count)
    let held = min(view.count, Int((min(1, max(0, share)) * Double(view.count)).rounded()))
    var result = parts
    result[.validation] = view.picking(order.prefix(held).sorted())
    result[source] = nil
    result[.train] = view.picking(order.dropFirst(held).sorted())
    return holding(result)
  }
  /// Moves a share of a data set of one part, drawn at random, to the test part.
  public func splitting(test share: Double, random: RandomStream) -> Dataset {
    let source = learningPart
    guard let view = parts[source] else { return self }
    let order = Self.stream(random, source).shuffled(view.count)
    let held = min(view.count, Int((min(1, max(0, share)) * Double(view.count)).rounded()))
    var result = parts
    result[source] = nil
    result[.test] = view.picking(order.prefix(held).sorted())
    result[.train] = view.picking(order.dropFirst(held).sorted())
    return holding(result)
  }
  /// The samples of which (number within its part, label, part) fulfil a condition.
  public func filtered<E: Error>(_ isKept: (_ index: Int, _ label: Int, _ part: Part) throws(E) -> Bool) throws(E)
    -> Dataset
  {
    var result: [Part: View] = [:]
    for part in Part.allCases {
      guard let view = parts[part] else { continue }
      var chosen: [Int] = []
      for index in 0..<view.count where try isKept(index, view.label(index), part) { chosen.append(index) }
      result[part] = view.picking(chosen)
    }
    return holding(result)
  }
}
