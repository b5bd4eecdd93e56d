// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableExperimentalFeature("Lifetimes"),
  .treatAllWarnings(as: .error),
]
/// Numerical targets are optimised in debug builds too; otherwise their loops run a hundred times slower.
let fast = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]
let optimisedC: [CSetting] = [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror"])]
/// Loops of plugins share the header that compiles them for several generations of processors.
let pluginC: [CSetting] = optimisedC + [.headerSearchPath("../../Sources/Kernels")]

let package = Package(
  name: "soma",
  products: [
    .executable(name: "soma", targets: ["soma"]), .executable(name: "soma-fetch", targets: ["soma-fetch"]),
    .executable(name: "soma-bench", targets: ["soma-bench"]),
  ],
  traits: [
    .default(enabledTraits: ["Editline"]),
    .trait(name: "Editline", description: "Line editing with libedit."),
    .trait(name: "Readline", description: "Line editing with GNU readline, which is under the GPL."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
  ],
  targets: [
    // Numerics
    .target(name: "Kernels", cSettings: optimisedC, linkerSettings: [.linkedLibrary("dnnl")]),
    .target(name: "Compute", swiftSettings: fast),
    .target(name: "Accelerated", dependencies: ["Compute", "Kernels"], swiftSettings: fast),

    // The model of the field
    .target(name: "Spiking", dependencies: ["Compute"], swiftSettings: fast),
    .target(name: "Laws", dependencies: ["Spiking", "Compute"], swiftSettings: fast),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CLzma", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"]), .brew(["xz"])]),
    .target(
      name: "Datasets",
      dependencies: ["Spiking", "Compute", "CZlib", "CLzma", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: fast),

    // The laboratory
    .target(name: "Language", swiftSettings: strict),
    .target(name: "Plotting", dependencies: ["CZlib"], swiftSettings: fast),
    .target(name: "EquationKernels", cSettings: pluginC),
    .target(
      name: "Equations", dependencies: ["Language", "Spiking", "Compute", "EquationKernels"], swiftSettings: fast),
    .target(name: "Processes", dependencies: ["Language", "Spiking", "Compute"], swiftSettings: strict),
    .target(
      name: "Engine", dependencies: ["Language", "Spiking", "Compute", "Plotting", "Equations", "Processes"],
      swiftSettings: strict),
    .target(
      name: "Commands",
      dependencies: ["Engine", "Language", "Spiking", "Compute", "Plotting", "Datasets", "Laws", "Processes"],
      swiftSettings: strict),
    .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"]), .brew(["libedit"])]),
    .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"]), .brew(["readline"])]),
    .target(
      name: "LineEditing",
      dependencies: [
        .target(name: "CEdit", condition: .when(traits: ["Editline"])),
        .target(name: "CReadline", condition: .when(traits: ["Readline"])),
      ], swiftSettings: strict),
    .executableTarget(
      name: "soma",
      dependencies: [
        "Accelerated", "Compute", "Spiking", "Language", "Engine", "Plotting", "Commands", "Datasets", "LineEditing",
        "Classic", "BS4NN", "L4Conversion", "TernarySpike", "HybridLMU",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict,
      linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic"], .when(platforms: [.linux]))]),
    .executableTarget(name: "soma-fetch", dependencies: ["Datasets"], swiftSettings: strict),

    // Methods
    .target(name: "ClassicKernels", path: "Plugins/ClassicKernels", cSettings: pluginC),
    .target(
      name: "Classic", dependencies: ["Spiking", "Compute", "Engine", "Language", "Plotting", "ClassicKernels"],
      path: "Plugins/Classic", exclude: ["README.md"], swiftSettings: fast),
    .target(name: "BS4NNKernels", path: "Plugins/BS4NNKernels", cSettings: pluginC),
    .target(
      name: "BS4NN", dependencies: ["Spiking", "Compute", "Engine", "Language", "Plotting", "BS4NNKernels"],
      path: "Plugins/BS4NN", exclude: ["README.md"], swiftSettings: fast),
    .target(name: "L4ConversionKernels", path: "Plugins/L4ConversionKernels", cSettings: pluginC),
    .target(
      name: "L4Conversion",
      dependencies: ["Spiking", "Compute", "Engine", "Language", "Plotting", "Classic", "L4ConversionKernels"],
      path: "Plugins/L4Conversion", exclude: ["README.md"], swiftSettings: fast),
    .target(name: "TernarySpikeKernels", path: "Plugins/TernarySpikeKernels", cSettings: pluginC),
    .target(
      name: "TernarySpike",
      dependencies: ["Spiking", "Compute", "Engine", "Language", "Plotting", "TernarySpikeKernels"],
      path: "Plugins/TernarySpike", exclude: ["README.md"], swiftSettings: fast),
    .target(name: "HybridLMUKernels", path: "Plugins/HybridLMUKernels", cSettings: pluginC),
    .target(
      name: "HybridLMU", dependencies: ["Spiking", "Compute", "Engine", "Language", "Plotting", "HybridLMUKernels"],
      path: "Plugins/HybridLMU", exclude: ["README.md"], swiftSettings: fast),

    .executableTarget(
      name: "soma-bench",
      dependencies: [
        "Accelerated", "Compute", "Spiking", "Datasets", "Language", "Equations", "Classic", "BS4NN", "L4Conversion",
        "TernarySpike", "HybridLMU",
      ],
      path: "Benchmarks", exclude: ["Peers"], swiftSettings: [.treatAllWarnings(as: .error)]),

    // Tests
    .target(
      name: "TestSupport", dependencies: ["Laws", "Spiking", "Compute"], path: "Tests/TestSupport", swiftSettings: fast),
    .testTarget(name: "ComputeTests", dependencies: ["Compute", "Accelerated"], swiftSettings: strict),
    .testTarget(
      name: "SpikingTests", dependencies: ["Spiking", "Compute", "Accelerated", "TestSupport", "Laws"],
      swiftSettings: strict),
    .testTarget(name: "LanguageTests", dependencies: ["Language"], swiftSettings: strict),
    .testTarget(name: "PlottingTests", dependencies: ["Plotting"], exclude: ["References"], swiftSettings: strict),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Datasets", "Spiking", "Compute", "Accelerated", "CLzma", "soma-fetch"],
      swiftSettings: strict),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Engine", "Language", "Commands", "Classic", "BS4NN", "L4Conversion", "TernarySpike", "HybridLMU",
        "Accelerated", "Compute", "Spiking", "Laws",
      ],
      exclude: ["Corpus"],
      swiftSettings: strict),
    .testTarget(
      name: "ClassicTests", dependencies: ["Classic", "Spiking", "Compute", "Accelerated", "TestSupport", "Laws"],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "BS4NNTests",
      dependencies: [
        "BS4NN", "BS4NNKernels", "Engine", "Plotting", "Spiking", "Compute", "Accelerated", "Datasets", "TestSupport",
        "Laws",
      ],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "L4ConversionTests",
      dependencies: [
        "L4Conversion", "L4ConversionKernels", "Classic", "Engine", "Language", "Commands", "Plotting", "Spiking",
        "Compute", "Accelerated", "Datasets", "TestSupport", "Laws",
      ],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "TernarySpikeTests",
      dependencies: [
        "TernarySpike", "TernarySpikeKernels", "Classic", "Engine", "Language", "Commands", "Plotting", "Spiking",
        "Compute", "Accelerated", "TestSupport", "Laws",
      ],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "EquationsTests",
      dependencies: [
        "Equations", "Language", "Classic", "Engine", "Spiking", "Compute", "Accelerated", "TestSupport", "Laws",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ProcessesTests",
      dependencies: ["Processes", "Classic", "Commands", "Engine", "Language", "Accelerated", "Compute", "Spiking"],
      swiftSettings: strict),
    .testTarget(
      name: "HybridLMUTests",
      dependencies: [
        "HybridLMU", "HybridLMUKernels", "Classic", "Engine", "Language", "Commands", "Plotting", "Spiking", "Compute",
        "Accelerated", "Datasets", "TestSupport", "Laws",
      ],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(name: "GoldenTests", dependencies: ["soma"], exclude: ["Scripts"], swiftSettings: strict),
    .target(
      name: "PseudoTerminal", path: "Tests/PseudoTerminal", cSettings: optimisedC,
      linkerSettings: [.linkedLibrary("util", .when(platforms: [.linux]))]),
    .testTarget(name: "TerminalTests", dependencies: ["soma", "LineEditing", "PseudoTerminal"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
