import Database
import Foundation
import Logging
import Testing

/// The engines that must pass the suite.
enum TestEngine: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite

    var testDescription: String { rawValue }

    /// Runs the closure with an empty database of its own, which is closed and removed afterwards.
    func withDatabase<T>(
        _ configuration: DatabaseConfiguration = .fast, _ body: (Database) async throws -> T
    ) async throws -> T {
        try await withTemporaryFolder { folder in
            let database = try await open(in: folder, configuration)
            do {
                let result = try await body(database)
                try await database.close()
                return result
            } catch {
                try? await database.close()
                throw error
            }
        }
    }

    /// Opens the database of a folder: twice gives two clients of the same database, as two processes would.
    func open(
        in folder: URL, _ configuration: DatabaseConfiguration = .fast
    ) async throws -> Database {
        try await Database.sqlite(
            at: folder.appendingPathComponent("test.sqlite").path, logger: Logger(label: "test"),
            configuration: configuration)
    }
}

extension DatabaseConfiguration {
    /// Does not wait for the disk: tests lose no power. Waits for a connection as long as a busy machine needs; the tests of
    /// the wait's end set a time of their own.
    static let fast = DatabaseConfiguration(durability: .processEnd, waitTimeout: .seconds(600))
}

/// Runs the closure with a new folder, which is removed afterwards.
func withTemporaryFolder<T>(_ body: (URL) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("database-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

/// The error that the closure throws, `nil` if it throws none or another.
func databaseError(_ body: () async throws -> Void) async -> DatabaseError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? DatabaseError
    }
}
