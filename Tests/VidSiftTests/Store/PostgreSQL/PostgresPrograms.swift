import Database
import Foundation
import TestDatabases
import Testing

@testable import VidSift

/// What the tests of the PostgreSQL schema need of the machine.
enum PostgresPrograms {
    /// The folder of psql and pg_dump, where `scripts/test` has started a server.
    static let folder = ProcessInfo.processInfo.environment["VIDSIFT_TEST_POSTGRES_BIN"]
    static let hasServer = TestEngine.allCases.contains(.postgres)
    static let noServer: Comment = "VIDSIFT_TEST_POSTGRES is not set: scripts/test starts a server and sets it"
    static let noPrograms: Comment = "VIDSIFT_TEST_POSTGRES_BIN is not set: scripts/test sets it"

    /// Runs a program to its end and gives what it wrote, errors included.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) async throws
        -> String
    {
        let folder = TemporaryFolder()
        let output = URL(fileURLWithPath: try folder.write("", to: "output"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(environment) { $1 }
        let handle = try FileHandle(forWritingTo: output)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        let (end, ending) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in ending.finish() }
        try process.run()
        for await _ in end {}
        let text = try String(contentsOf: output, encoding: .utf8)
        guard process.terminationStatus == 0 else { throw ProgramFailed(program: program, output: text) }
        return text
    }

    static func psql(_ arguments: String..., on place: TestDatabase) async throws {
        try await run(
            #require(folder) + "/psql", ["-q", "-v", "ON_ERROR_STOP=1"] + arguments + [#require(place.url)])
    }

    /// The schema as text, without what differs from run to run.
    static func schema(of place: TestDatabase) async throws -> [Substring] {
        try await run(#require(folder) + "/pg_dump", ["--schema-only", #require(place.url)])
            .split(separator: "\n").filter { !$0.hasPrefix(#"\restrict"#) && !$0.hasPrefix(#"\unrestrict"#) }
    }

    /// The program lies beside the tests.
    static var vidsift: String {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
        let runner = bundle ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return runner.deletingLastPathComponent().appending(path: "vidsift").path
    }
}

struct ProgramFailed: Error, CustomStringConvertible {
    var program: String
    var output: String
    var description: String { "\(program) failed: \(output)" }
}

extension DatabaseTemplate {
    /// Nothing at all.
    static let bare = DatabaseTemplate(name: "bare") { _ in }
}

extension TestEngine {
    /// Runs the closure on a database with the library's tables and nothing in them.
    func withLibraryTables<T>(_ body: (Database) async throws -> T) async throws -> T {
        let place = try await makeDatabase(.library)
        let database = try await place.open()
        do {
            let result = try await body(database)
            try await database.close()
            return result
        } catch {
            // The test's own error says more than a failure to close.
            try? await database.close()
            throw error
        }
    }
}
