/// What one folder of `Sources` may know about.
struct LayerRule {
    /// The folder, relative to `Sources`; files of its subfolders belong to it.
    var folder: String
    /// The modules it may import besides `everywhere`; `nil` is "any".
    var imports: Set<String>?
    /// Its height inside its module: a folder may name the types of lower folders only, so two of one height are
    /// strangers. Folders that are modules of their own need none: the compiler keeps them apart.
    var height: Int?
    /// Whether it may hold SQL.
    var holdsSQL = false

    /// The rule book: architecture.md as a table, from the bottom to the top.
    static let all: [LayerRule] = [
        LayerRule(folder: "Captions", imports: []),
        LayerRule(folder: "CaptionsFuzz", imports: everywhere.union(["Captions"])),
        LayerRule(
            folder: "Database", imports: everywhere.union(["CPostgres", "GRDB", "GRDBSQLite", "Logging", "Crypto"]),
            holdsSQL: true),
        LayerRule(
            folder: "Providers",
            imports: everywhere.union(networking).union([
                "AsyncHTTPClient", "Logging", "COpenVINO", "NIOHTTPCompression", "Subprocess", "System",
                "SystemPackage",
                "Crypto", "NIOTLS",
            ])),
        LayerRule(folder: "VidSift/Search", imports: everywhere.union(["CSearch", "CStemmer"]), height: 0),
        LayerRule(
            folder: "VidSift/Store", imports: everywhere.union(["Database", "Crypto", "Captions"]), height: 1,
            holdsSQL: true),
        LayerRule(
            folder: "VidSift/Background", imports: everywhere.union(["Database", "Logging", "ServiceLifecycle"]),
            height: 2),
        // Above Background: notices are jobs.
        LayerRule(
            folder: "VidSift/Operations", imports: everywhere.union(["Database", "Logging", "Providers"]), height: 3),
        LayerRule(
            folder: "VidSift/Ingest",
            imports: everywhere.union(["Captions", "Crypto", "Database", "Logging", "Providers"]), height: 4),
        LayerRule(
            folder: "VidSift/Ask",
            // NIOCore for ByteBuffer: the frames of the stream are encoded straight into it.
            // ServiceLifecycle because runs outlive the requests that began them.
            imports: everywhere.union([
                "Captions", "Crypto", "Database", "Logging", "NIOCore", "Providers", "ServiceLifecycle",
            ]), height: 4),
        LayerRule(
            folder: "VidSift/API",
            imports: everywhere.union(networking).union([
                "Captions", "Crypto", "Database", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging", "Providers",
                // A stream ends when the server stops.
                "ServiceLifecycle",
            ]), height: 5),
        LayerRule(
            folder: "VidSift/Evaluation", imports: everywhere.union(["Captions", "Database", "Providers"]), height: 5),
        LayerRule(folder: "VidSift/App", imports: nil, height: 6),
        LayerRule(
            folder: "CommandLine",
            // NIOCore for the error of a port that is taken.
            imports: everywhere.union([
                "VidSift", "ArgumentParser", "Captions", "Database", "Logging", "NIOCore", "Providers",
                "ServiceLifecycle", "UnixSignals",
            ])),
    ]

    /// What the language and the system bring along. (`Captions`, which is fuzzed and embedded, does without.)
    static let everywhere: Set<String> = [
        "Foundation", "FoundationEssentials", "Dispatch", "Glibc", "Musl", "Darwin", "Synchronization",
    ]

    /// SwiftNIO, for the folders that speak to the network.
    static let networking: Set<String> = [
        "NIOConcurrencyHelpers", "NIOCore", "NIOFoundationCompat", "NIOHTTP1", "NIOPosix", "NIOSSL",
    ]

    /// Names that say nothing: a folder or file so called becomes an attic.
    static let atticNames = [
        "Helper", "Helpers", "Util", "Utils", "Utilities", "Common", "Core", "Shared", "Extensions", "Misc",
    ]

    /// A file longer than this wants to be two.
    static let longestFile = 400
}
