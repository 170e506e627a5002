import Foundation
import TestDatabases
import Testing

@testable import Database

@Suite("Failures")
struct FailureTests {
    @Test("a broken rule says which, without the values", arguments: TestEngine.allCases)
    func violations(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await database.execute("CREATE TABLE p (id INTEGER PRIMARY KEY)")
            try await database.execute(
                """
                CREATE TABLE t (slug TEXT UNIQUE NOT NULL, size INTEGER CONSTRAINT positive CHECK (size > 0),
                    parent INTEGER REFERENCES p (id))
                """)
            try await database.execute("INSERT INTO t VALUES ('secret', 1, NULL)")
            let slug = "secret"
            let unique = await databaseError { try await database.execute("INSERT INTO t VALUES (\(slug), 1, NULL)") }
            let missing = await databaseError { try await database.execute("INSERT INTO t VALUES (NULL, 1, NULL)") }
            let check = await databaseError { try await database.execute("INSERT INTO t VALUES ('b', -5, NULL)") }
            let key = await databaseError { try await database.execute("INSERT INTO t VALUES ('c', 1, 77)") }
            #expect(unique?.kind == .uniqueViolation)
            #expect(unique?.constraint == (engine == .sqlite ? "t.slug" : "t_slug_key"))
            #expect(missing?.kind == .notNullViolation)
            #expect(missing?.constraint == "t.slug")
            #expect(check?.kind == .checkViolation)
            #expect(check?.constraint == "positive")
            #expect(key?.kind == .foreignKeyViolation)
            #expect(key?.constraint == (engine == .sqlite ? nil : "t_parent_fkey"))
            for error in [unique, missing, check, key] {
                #expect(error?.isRetryable == false)
                #expect(error?.debugDescription.contains("INSERT") == true)
                #expect(error?.description.contains("INSERT") == false)
            }
            #expect(unique?.debugDescription.contains("secret") == false)
        }
    }

    @Test("a mistake in a statement is in the log's text, not in the one shown", arguments: TestEngine.allCases)
    func syntax(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            let error = await databaseError { try await database.execute("SELECT nothing FROM nowhere") }
            #expect(error?.kind == .other)
            #expect(error?.description.contains("nowhere") == false)
            #expect(error?.debugDescription.contains("nowhere") == true)
        }
    }
}
