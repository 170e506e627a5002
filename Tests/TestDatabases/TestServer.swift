internal import Database
internal import Foundation
internal import Logging

/// The PostgreSQL server that `scripts/test` has started for all tests.
final class TestServer: Sendable {
    static let shared = TestServer()

    /// The URL of its maintenance database, for a superuser.
    static let url = ProcessInfo.processInfo.environment["VIDSIFT_TEST_POSTGRES"].flatMap { $0.isEmpty ? nil : $0 }

    private let databases = TestServerDatabases()

    /// Copies the template, which is made by the first who asks for it.
    func makeDatabase(_ template: DatabaseTemplate) async throws -> TestDatabase {
        let name = try await databases.copy(template)
        return TestDatabase.onServer(name, url: try Self.url(of: name))
    }

    /// Has a database removed when the next one is made.
    func discard(_ name: String) {
        databases.discarded.append(name)
    }

    /// The server's URL with another database.
    static func url(of database: String) throws -> String {
        guard let url, let scheme = url.range(of: "://"),
            let path = url[scheme.upperBound...].firstIndex(of: "/")
        else {
            throw TestServerError(problem: "VIDSIFT_TEST_POSTGRES is not of the form postgresql://user@host/database")
        }
        let query = url[path...].firstIndex(of: "?").map { url[$0...] } ?? ""
        return url[..<path] + "/" + database + query
    }
}

/// Why no database can be had for a test.
struct TestServerError: Error, CustomStringConvertible {
    var problem: String
    var description: String { problem }
}

/// The databases of this process on the server; one is made at a time.
private actor TestServerDatabases {
    nonisolated let discarded = NameList()
    private var administration: Database?
    /// The templates that are there or being made.
    private var templates: [String: Task<String, any Error>] = [:]
    private var count = 0

    func copy(_ template: DatabaseTemplate) async throws -> String {
        let source = try await self.template(template)
        let server = try await server()
        for name in discarded.removeAll() {
            try await server.execute("DROP DATABASE IF EXISTS \(unescaped: name) WITH (FORCE)")
        }
        let name = newName()
        try await server.execute(
            "CREATE DATABASE \(unescaped: name) TEMPLATE \(unescaped: source) STRATEGY FILE_COPY")
        return name
    }

    private func template(_ template: DatabaseTemplate) async throws -> String {
        if let known = templates[template.name] { return try await known.value }
        // Serves all who ask, and ends by itself.
        let making = Task { try await self.make(template) }
        templates[template.name] = making
        return try await making.value
    }

    private func make(_ template: DatabaseTemplate) async throws -> String {
        let name = newName()
        try await server().execute("CREATE DATABASE \(unescaped: name) TEMPLATE template0")
        let database = try await Database.postgres(try TestServer.url(of: name), logger: quiet)
        try await template.prepare(database)
        // A database in use can't be copied.
        try await database.close()
        return name
    }

    private func server() async throws -> Database {
        if let administration { return administration }
        let opened = try await Database.postgres(
            try TestServer.url(of: "postgres"), logger: quiet, configuration: .init(maximumWriters: 1))
        administration = opened
        return opened
    }

    private func newName() -> String {
        count += 1
        return "vidsift_test_\(ProcessInfo.processInfo.processIdentifier)_\(count)"
    }
}

private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
