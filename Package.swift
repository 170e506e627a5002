// swift-tools-version: 6.2
import PackageDescription

let features: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "VidSift",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "vidsift", targets: ["CommandLineTool"]),
        .library(name: "Captions", targets: ["Captions"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2"),
        // Its paths are swift-subprocess's, on systems other than Apple's.
        .package(url: "https://github.com/apple/swift-system.git", from: "1.5.0"),
    ],
    targets: [
        .systemLibrary(name: "CStemmer", providers: [.apt(["libstemmer-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "COpenVINO"),
        .target(name: "CSearch"),
        .target(
            name: "Database",
            dependencies: [
                "CPostgres",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: features),
        .target(name: "Captions", swiftSettings: features),
        .target(
            name: "Providers",
            dependencies: [
                "COpenVINO",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(
                    name: "SystemPackage", package: "swift-system",
                    condition: .when(platforms: [.linux, .android])),
            ],
            swiftSettings: features),
        .target(
            name: "VidSift",
            dependencies: [
                "Database", "Captions", "Providers", "CSearch", "CStemmer",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [
                .embedInCode("Store/Migrations/SQLite/001_library.sql"),
                .embedInCode("Store/Migrations/SQLite/002_chat.sql"),
                .embedInCode("Store/Migrations/SQLite/003_leases.sql"),
                .embedInCode("Store/Migrations/SQLite/004_jobs.sql"),
                .embedInCode("Store/Migrations/SQLite/005_runs.sql"),
                .embedInCode("Store/Migrations/SQLite/006_summaries.sql"),
                .embedInCode("Store/Migrations/SQLite/007_youtube.sql"),
                .embedInCode("Store/Migrations/SQLite/008_recordings.sql"),
                .embedInCode("Store/Migrations/SQLite/009_deleted_videos.sql"),
                .embedInCode("Store/Migrations/SQLite/010_list_pages.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/001_search_function.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/002_similarity_search.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/003_processing_locks.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/004_rate_limits.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/005_error_logs.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/006_chat.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/007_jobs.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/008_runs.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/009_summaries.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/010_youtube.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/011_recordings.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/012_deleted_videos.sql"),
                .embedInCode("Store/Migrations/PostgreSQL/013_list_pages.sql"),
                .embedInCode("API/openapi.yaml"),
            ],
            swiftSettings: features),
        // Not named `vidsift`: beside `VidSift` that is one folder where names don't tell capitals.
        .executableTarget(
            name: "CommandLineTool",
            dependencies: [
                "VidSift", "Captions", "Database",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/CommandLine",
            swiftSettings: features),

        // What the tests of several modules share: databases of their own on each engine.
        .target(
            name: "TestDatabases", dependencies: ["Database", .product(name: "Logging", package: "swift-log")],
            path: "Tests/TestDatabases", swiftSettings: features),
        // Models that say what a test tells them to.
        .target(
            name: "TestModels",
            dependencies: [
                "Providers",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Tests/TestModels", swiftSettings: features),
        .testTarget(
            name: "DatabaseTests",
            dependencies: ["Database", "TestDatabases", .product(name: "Logging", package: "swift-log")],
            swiftSettings: features),
        .testTarget(name: "CaptionsTests", dependencies: ["Captions", "captions-fuzz"], swiftSettings: features),
        .testTarget(
            name: "ProvidersTests",
            dependencies: [
                "Providers", "TestModels",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            exclude: ["Resources"],
            swiftSettings: features),
        .testTarget(
            name: "VidSiftTests",
            dependencies: [
                "VidSift", "CSearch", "TestDatabases", "TestModels", "queue-model",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Search/bm25s-scores.py", "Search/bm25s-scores.json"],
            swiftSettings: features),
        .testTarget(
            name: "CommandLineTests", dependencies: ["CommandLineTool", "TestDatabases", "TestModels"],
            swiftSettings: features),

        .executableTarget(
            name: "crash-subject",
            dependencies: [
                "VidSift", "Database",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Crash/Subject", swiftSettings: features),
        .executableTarget(
            name: "captions-fuzz", dependencies: ["Captions"], path: "Sources/CaptionsFuzz", swiftSettings: features),
        .executableTarget(
            name: "queue-model", dependencies: ["VidSift", .product(name: "Logging", package: "swift-log")],
            path: "Tests/Model", swiftSettings: features),
        .executableTarget(
            name: "captions-benchmark", dependencies: ["Captions"], path: "Benchmarks/captions/Sources",
            swiftSettings: features),
        .executableTarget(
            name: "embedding-benchmark", dependencies: ["Providers"], path: "Benchmarks/embedding",
            swiftSettings: features),
        .executableTarget(
            name: "search-benchmark", dependencies: ["VidSift"], path: "Benchmarks/search",
            exclude: ["collect.py", "embedder.py", "scifact.py", "compare.py", "run"], swiftSettings: features),
        .executableTarget(
            name: "database-benchmark",
            dependencies: ["VidSift", "Database", .product(name: "Logging", package: "swift-log")],
            path: "Benchmarks/database", exclude: ["measure.py", "memory.py", "run"], swiftSettings: features),
        .target(name: "BenchmarkOptions", path: "Benchmarks/options", swiftSettings: features),
        .executableTarget(
            name: "queue-benchmark",
            dependencies: ["VidSift", "Database", "BenchmarkOptions", .product(name: "Logging", package: "swift-log")],
            path: "Benchmarks/queue/Sources", swiftSettings: features),
        .executableTarget(
            name: "stream-benchmark",
            dependencies: [
                "BenchmarkOptions",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Benchmarks/stream/Sources", swiftSettings: features),
    ],
    swiftLanguageModes: [.v6]
)
