public import Database
internal import Foundation

/// The engines that must pass the suite.
public enum TestEngine: String, CaseIterable, Sendable {
    case sqlite
    case postgres

    /// SQLite, and PostgreSQL where one runs for the tests: `scripts/test` starts it.
    public static let allCases: [TestEngine] = {
        if TestServer.url != nil { return [.sqlite, .postgres] }
        print("not tested on PostgreSQL: VIDSIFT_TEST_POSTGRES is not set. scripts/test starts a server and sets it.")
        return [.sqlite]
    }()

    /// Makes a database that no other test has. It goes when nothing holds it any more.
    ///
    /// - Parameter template: what is in it from the beginning.
    public func makeDatabase(_ template: DatabaseTemplate = .empty) async throws -> TestDatabase {
        switch self {
        case .sqlite: try await TestDatabase.inFolder(template)
        case .postgres: try await TestServer.shared.makeDatabase(template)
        }
    }

    /// Runs the closure with a database of its own, which is closed and removed afterwards.
    public func withDatabase<T>(
        _ configuration: DatabaseConfiguration = .fast, _ body: (Database) async throws -> T
    ) async throws -> T {
        let place = try await makeDatabase()
        // The place goes when nothing holds it, and a pool opens connections as late as they are needed.
        defer { withExtendedLifetime(place) {} }
        let database = try await place.open(configuration)
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

/// What a test's database holds from the beginning.
public struct DatabaseTemplate: Sendable {
    /// Names it: each is made once in a process, and copied from then on.
    public var name: String
    /// Fills a new database.
    public var prepare: @Sendable (Database) async throws -> Void

    /// A template of that name, which `prepare` fills.
    public init(name: String, prepare: @escaping @Sendable (Database) async throws -> Void) {
        self.name = name
        self.prepare = prepare
    }

    /// No tables, and the functions that each engine has.
    public static let empty = DatabaseTemplate(name: "empty") { database in
        guard database.kind == .postgres else { return }
        try await database.execute(
            """
            CREATE FUNCTION seconds_from_now(seconds double precision) RETURNS timestamptz LANGUAGE sql STABLE
                RETURN now() + make_interval(secs => seconds)
            """)
    }
}

extension DatabaseConfiguration {
    /// Does not wait for the disk: tests lose no power. Waits for a connection as long as a busy machine needs; the
    /// tests of the wait's end set a time of their own.
    public static let fast = DatabaseConfiguration(durability: .processEnd, waitTimeout: .seconds(600))
}
