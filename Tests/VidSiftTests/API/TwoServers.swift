import TestDatabases

@testable import VidSift

extension TestServer {
    /// Runs two instances on one library.
    static func runTwo(
        _ variables: [String: String] = [:], engine: TestEngine, timing: RunTiming = RunTiming(),
        _ body: @escaping @Sendable (TestServer, TestServer) async throws -> Void
    ) async throws {
        let library = try await TestLibrary(
            ["PORT": "0"].merging(variables) { $1 }, engine: engine, runTiming: timing)
        try await run(on: library) { server in
            try await run(on: try await library.anotherInstance()) { other in try await body(server, other) }
        }
    }
}
