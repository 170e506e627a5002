import Foundation
import TestDatabases
import Testing

@testable import Database

@Suite("Migrations")
struct MigratorTests {
    private let first = Migration(name: "001_first", sql: "CREATE TABLE a (n INTEGER); CREATE INDEX i ON a (n);")
    private let second = Migration(name: "002_second", sql: "INSERT INTO a VALUES (2); -- the end\n")
    private let third = Migration(name: "003_third", sql: "ALTER TABLE a ADD COLUMN m TEXT")

    @Test("the missing ones are applied in order, once, and recorded", arguments: TestEngine.allCases)
    func applies(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            #expect(try await Migrator([first]).run(on: database) as [String] == ["001_first"])
            let all = try Migrator([first, second, third])
            #expect(try await all.pending(on: database) == ["002_second", "003_third"])
            #expect(try await all.run(on: database) as [String] == ["002_second", "003_third"])
            #expect(try await all.run(on: database) as [String] == [])
            #expect(try await all.pending(on: database) == [])
            #expect(try await database.values("SELECT n FROM a") == [2])
            let sums = try await database.values(
                "SELECT checksum FROM schema_migrations ORDER BY name", as: String.self)
            #expect(sums == [first.checksum, second.checksum, third.checksum])
        }
    }

    @Test("the checksum is the SHA-256 of the statements")
    func checksum() {
        // NIST's example for the message "abc".
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Migration(name: "1", sql: "abc").checksum == expected)
    }

    @Test("a dry run changes nothing and finds what fails", arguments: TestEngine.allCases)
    func dryRun(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            #expect(try await Migrator([first, second]).dryRun(on: database) == ["001_first", "002_second"])
            #expect(try await Migrator([first, second]).pending(on: database) == ["001_first", "002_second"])
            let broken = try Migrator([first, Migration(name: "002_broken", sql: "INSERT INTO missing VALUES (1)")])
            let message = await message { _ = try await broken.dryRun(on: database) }
            #expect(message.contains("002_broken"))
            #expect(try await database.value(database.engine.dialect.countMigrationsTables) == 0)
        }
    }

    @Test("a migration that fails half-way leaves nothing, and those before it stay", arguments: TestEngine.allCases)
    func halfWay(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            let broken = Migration(name: "002_broken", sql: "CREATE TABLE b (n INTEGER); CREATE TABLE a (n INTEGER)")
            let message = await message { try await Migrator([first, broken]).run(on: database) }
            #expect(message.contains("002_broken failed and was undone"))
            #expect(try await Migrator([first, second]).pending(on: database) == ["002_second"])
            #expect(await databaseError { _ = try await database.values("SELECT n FROM b", as: Int.self) } != nil)
        }
    }

    @Test(
        "a migration may not end its own transaction", arguments: TestEngine.allCases,
        ["COMMIT", "select 1; ROLLBACK", "BEGIN"])
    func ownTransaction(engine: TestEngine, script: String) async throws {
        try await engine.withDatabase { database async throws in
            let message = await message { try await Migrator([Migration(name: "1", sql: script)]).run(on: database) }
            #expect(message.contains("belongs to the database layer"))
        }
    }

    @Test("a database from a newer version is refused, and says what to do", arguments: TestEngine.allCases)
    func newer(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await Migrator([first, second, third]).run(on: database)
            let message = await message { try await Migrator([first, second]).run(on: database) }
            #expect(message.contains("newer version of this program (003_third)"))
            #expect(message.contains("start that version"))
        }
    }

    @Test("a changed migration is refused by its name", arguments: TestEngine.allCases)
    func changed(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await Migrator([first, second]).run(on: database)
            let other = Migration(name: second.name, sql: second.sql + " ")
            let message = await message { try await Migrator([first, other, third]).run(on: database) }
            #expect(message.contains("002_second that was applied to the database differs"))
            #expect(try await database.value("SELECT count(*) FROM schema_migrations") == 2)
        }
    }

    @Test("a gap in what was applied is refused", arguments: TestEngine.allCases)
    func gap(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await Migrator([first, third]).run(on: database)
            let message = await message { try await Migrator([first, second, third]).run(on: database) }
            #expect(message.contains("has the migration 003_third but not 002_second"))
        }
    }

    @Test("a list with equal names or in the wrong order is refused")
    func badLists() {
        #expect(throws: MigrationError.self) { try Migrator([second, first]) }
        #expect(throws: MigrationError.self) { try Migrator([first, first]) }
    }

    @Test("two processes that start at once apply each migration once", arguments: TestEngine.allCases)
    func twoProcesses(engine: TestEngine) async throws {
        let place = try await engine.makeDatabase()
        let databases = [try await place.open(), try await place.open()]
        let migrator = try Migrator(
            [first] + (2...30).map { Migration(name: "\($0 + 100)", sql: "INSERT INTO a VALUES (\($0))") })
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for database in databases { group.addTask { try await migrator.run(on: database) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.count == 30)
        #expect(Set(applied).count == 30)
        #expect(try await databases[0].value("SELECT count(*) FROM a") == 29)
        for database in databases { try await database.close() }
        withExtendedLifetime(place) {}
    }

    private func message(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return ""
        } catch {
            return "\(error)"
        }
    }
}
