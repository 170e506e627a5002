import Foundation
import TestDatabases
import Testing

@testable import Database

@Suite(
    "Threads of connections to PostgreSQL", .enabled(if: PostgresServer.isThere, PostgresServer.missing),
    .timeLimit(.minutes(2)))
struct PostgresThreadTests {
    @Test("a connection waits, decodes and asks for rows on its own thread")
    func ownThread() async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            let own = [ConnectionThread.name]
            let name: @Sendable (Row) -> String? = { _ in Thread.current.name }
            let read = try await database.fetch("SELECT 1", limit: nil, decode: name)
            #expect(read == own)
            #expect(try await database.read { try await $0.fetch("SELECT 1", limit: nil, decode: name) } == own)
            #expect(try await database.transaction { try await $0.fetch("SELECT 1", limit: nil, decode: name) } == own)
            let row = try await database.pipeline { $0.first("SELECT 1", as: ThreadName.self) }
            #expect(try row.value?.name == ConnectionThread.name)
            try await database.execute("CREATE TABLE t (name text)")
            try await database.insert(
                into: "t", columns: ["name"], rows: GeneratedRows { $0 == 0 ? [Thread.current.name.sqlValue] : nil })
            #expect(try await database.values("SELECT name FROM t") == own)
        }
    }

    @Test("any number of waits for the server and for notices leaves the other tasks their threads")
    func waits() async throws {
        let count = ProcessInfo.processInfo.activeProcessorCount * 2
        let configuration = DatabaseConfiguration(durability: .processEnd, maximumReaders: count)
        try await PostgresServer.withClients(configuration) { database, other async throws in
            let waiting = (0..<count).map { _ in Task { try await database.execute("SELECT pg_sleep(60)") } }
            let listening = (0..<count).map { _ in
                Task { for await _ in database.notifications(on: ["news"]) {} }
            }
            // These run on the threads that all tasks share.
            try await eventually("all statements run") { try await PostgresServer.running(other) == count }
            for task in waiting { task.cancel() }
            for task in listening { task.cancel() }
            for task in waiting { await #expect(throws: CancellationError.self) { try await task.value } }
            for task in listening { await task.value }
        }
    }
}

/// The thread on which a row was decoded.
private struct ThreadName: RowDecodable {
    let name: String?
    init(row: Row) throws { name = Thread.current.name }
}
