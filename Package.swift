// swift-tools-version:6.2

import PackageDescription

/// What every target of ours is compiled with: the Swift 6 language mode, imports that stay inside
/// a module unless they are declared public, and no warning left standing.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")

let package = Package(
    name: "waitline",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "waitline", targets: ["waitline"])
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "TraceCore", swiftSettings: settings),
        .target(name: "TraceCompression", dependencies: ["CZlib"], swiftSettings: settings),
        .target(name: "TraceIntake", dependencies: ["TraceCore"], swiftSettings: settings),
        .target(
            name: "TraceStorage", dependencies: ["TraceCore", "TraceCompression", grdb, sqlite],
            swiftSettings: settings),
        .target(
            name: "TraceServer",
            dependencies: [
                "TraceCore", "TraceCompression", "TraceIntake", hummingbird, hummingbirdCore, logging, lifecycle,
                nioCore, nioPosix, nioHTTP1, httpTypes,
            ],
            swiftSettings: settings),
        .target(name: "TraceTerminal", dependencies: ["TraceCore"], swiftSettings: settings),
        .target(name: "TraceExport", dependencies: ["TraceCore"], swiftSettings: settings),
        .executableTarget(
            name: "waitline",
            dependencies: [
                "TraceCore", "TraceCompression", "TraceIntake", "TraceStorage", "TraceServer", "TraceTerminal",
                "TraceExport", arguments, logging, lifecycle,
            ],
            swiftSettings: settings),
        .executableTarget(name: "benchmark", dependencies: ["TraceCompression", arguments], swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["TraceCore"], path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "TraceCoreTests", dependencies: ["TraceCore", "TestSupport"], exclude: ["RankTestVectors.py"],
            swiftSettings: settings),
        .testTarget(name: "TraceCompressionTests", dependencies: ["TraceCompression"], swiftSettings: settings),
        .testTarget(name: "TraceIntakeTests", dependencies: ["TraceIntake", "TraceCore"], swiftSettings: settings),
        .testTarget(
            name: "TraceStorageTests",
            dependencies: ["TraceStorage", "TraceCore", "TraceCompression", "TestSupport", grdb, sqlite],
            swiftSettings: settings),
        .testTarget(
            name: "TraceServerTests",
            dependencies: [
                "TraceServer", "TraceCore", "TraceCompression", "TraceIntake", logging, lifecycle, nioCore, nioEmbedded,
                nioHTTP1,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "TraceTerminalTests", dependencies: ["TraceTerminal", "TraceCore"], exclude: ["Goldens"],
            swiftSettings: settings),
        .testTarget(
            name: "TraceExportTests", dependencies: ["TraceExport", "TraceCore", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "BenchmarkTests", dependencies: ["benchmark", "TraceCompression"], swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests", dependencies: ["waitline"], exclude: ["Goldens"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)

// What `.ci/fuzz` runs; no other build knows of it.
if Context.environment["WAITLINE_FUZZING"] != nil {
    package.targets += [
        .systemLibrary(name: "LibFuzzer", path: "Tests/Fuzzing/LibFuzzer"),
        .executableTarget(
            name: "fuzz",
            dependencies: ["CZlib", "LibFuzzer", "TraceCore", "TraceCompression", "TraceIntake", "TraceTerminal"],
            path: "Tests/Fuzzing/Targets", swiftSettings: settings),
    ]
}
