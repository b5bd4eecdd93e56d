// swift-tools-version: 6.1
import PackageDescription

// The programs behind every published figure of speed. `swift package --disable-sandbox benchmark` runs them all.
let package = Package(
  name: "soma-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "soma", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Neurons",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"), .product(name: "SomaCore", package: "soma"),
      ],
      path: "Benchmarks/Neurons", plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ]
)
