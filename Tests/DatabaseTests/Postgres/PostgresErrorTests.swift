import TestDatabases
import Testing

@testable import Database

@Suite(
    "Errors of PostgreSQL", .enabled(if: PostgresServer.isThere, PostgresServer.missing),
    .timeLimit(.minutes(2)))
struct PostgresErrorTests {
    /// What a broken rule is told as.
    private struct Violation {
        var statement: SQL
        var state: String
        var kind: DatabaseError.Kind
        var constraint: String
    }

    @Test("a broken rule has its name, and nothing says the values of the row")
    func violations() async throws {
        let word = "Kuckuck"
        let violations = [
            Violation(
                statement: "INSERT INTO t VALUES (\(word), 1, NULL, '[50,60)')", state: "23505",
                kind: .uniqueViolation,
                constraint: "slugs"),
            Violation(
                statement: "INSERT INTO t VALUES ('b', 1, NULL, '[4,8)')", state: "23P01",
                kind: .uniqueViolation,
                constraint: "apart"),
            Violation(
                statement: "INSERT INTO t VALUES (NULL, 1, NULL, NULL)", state: "23502",
                kind: .notNullViolation,
                constraint: "t.slug"),
            Violation(
                statement: "UPDATE t SET size = -4711 WHERE slug = \(word)", state: "23514",
                kind: .checkViolation,
                constraint: "positive"),
            Violation(
                statement: "UPDATE t SET parent = 4711", state: "23503", kind: .foreignKeyViolation,
                constraint: "parents"),
            Violation(
                statement: "DELETE FROM p WHERE id = 815", state: "23503", kind: .foreignKeyViolation,
                constraint: "parents"),
        ]
        try await TestEngine.postgres.withDatabase { database async throws in
            try await database.execute("CREATE TABLE p (id int PRIMARY KEY)")
            try await database.execute(
                """
                CREATE TABLE t (slug text CONSTRAINT slugs UNIQUE NOT NULL,
                    size int CONSTRAINT positive CHECK (size > 0),
                    parent int CONSTRAINT parents REFERENCES p, during int4range,
                    CONSTRAINT apart EXCLUDE USING gist (during WITH &&))
                """)
            try await database.execute("INSERT INTO p VALUES (815)")
            try await database.execute("INSERT INTO t VALUES ('Kuckuck', 1, 815, '[1,5)')")
            for violation in violations {
                let error = await databaseError { try await database.execute(violation.statement) }
                #expect(error?.sqlState == violation.state)
                #expect(error?.kind == violation.kind)
                #expect(error?.constraint == violation.constraint)
                #expect(error?.isRetryable == false)
                #expect(error?.description.hasSuffix("(\(violation.constraint))") == true)
                #expect(error?.debugDescription.contains(violation.state) == true)
                #expect(error?.debugDescription.contains(word) == false)
            }
        }
    }

    /// SQLSTATEs, the kinds that they are, and whether the work can be tried again.
    private static let kinds: [(String, DatabaseError.Kind, Bool)] = [
        ("53100", .diskFull, true), ("53200", .unavailable, true), ("53300", .unavailable, true),
        ("57P03", .unavailable, true), ("08006", .unavailable, true), ("58030", .inputOutput, false),
        ("XX001", .corrupt, false), ("XX000", .other, false), ("40001", .conflict, true), ("40P01", .conflict, true),
        ("40003", .conflict, true), ("55P03", .busy, true), ("57014", .interrupted, true), ("25006", .readOnly, false),
        ("22021", .unstorableText, false), ("54000", .tooLarge, false), ("23P01", .uniqueViolation, false),
        ("23001", .foreignKeyViolation, false), ("28000", .cannotOpen, false), ("P0001", .other, false),
        ("42501", .other, false), ("22012", .other, false),
    ]

    @Test("each class of SQLSTATE is a kind of failure")
    func kinds() async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            for (state, kind, isRetryable) in Self.kinds {
                let error = await databaseError {
                    try await database.execute(
                        """
                        DO $$ BEGIN RAISE EXCEPTION 'Zaunkönig'
                            USING ERRCODE = '\(unescaped: state)', DETAIL = 'Kuckuck', HINT = 'Zeisig'; END $$
                        """)
                }
                #expect(error?.sqlState == state)
                #expect(error?.kind == kind)
                #expect(error?.isRetryable == isRetryable)
                #expect(error?.description.contains("Zaunkönig") == false)
                #expect(error?.debugDescription.contains("Zaunkönig") == true)
                // The statement itself holds both words.
                let message = error?.debugDescription.prefix { $0 != ";" } ?? ""
                #expect(!message.contains("Kuckuck") && !message.contains("Zeisig"))
                #expect(try await database.value("SELECT 5") == 5)
            }
        }
    }

    @Test("what a migration says of a server that lacks something is passed on, with what to do about it")
    func lacking() async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            let error = await databaseError {
                try await database.execute(
                    "DO $$ BEGIN RAISE feature_not_supported USING MESSAGE = 'No stairs', HINT = 'Take a lift.'; END $$"
                )
            }
            #expect(error?.description == "No stairs. Take a lift.")
        }
    }

    @Test(
        "a value that is not what the statement wants is told without the value",
        arguments: ["Kuckuck", "a \" Kuckuck \" b", "Kuckuck's", "« Kuckuck »"])
    func malformedValues(word: String) async throws {
        let statements: [SQL] = [
            "SELECT \(word)::int", "SELECT \(word)::uuid", "SELECT \(word)::jsonb",
            "SELECT \(word)::timestamptz",
            "SELECT \(word)::regclass", "SELECT to_tsquery('simple', \(word + " x"))",
            "SELECT \(word)::bytea || '\\x'::bytea",
            "SELECT to_date(\(word), 'YYYY-MM-DD')", "SELECT \(word)::int[]",
            "SELECT 'x' ~ (\(word) || '[')",
        ]
        try await TestEngine.postgres.withDatabase { database async throws in
            for statement in statements {
                let error = await databaseError {
                    _ = try await database.values(statement, as: SQLValue.self)
                }
                guard let error else { continue }
                #expect(error.kind == .other)
                #expect(
                    !error.description.contains("Kuckuck") && !error.debugDescription.contains("Kuckuck"))
                #expect(error.debugDescription.contains("SELECT"))
            }
        }
    }

    @Test("a mistake in a statement is told with the names in it, for the log alone")
    func mistakes() async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            for (statement, state) in [
                ("SELECT nothing FROM nowhere", "42P01"), ("SELEC 1", "42601"),
                ("SELECT nowhere(1)", "42883"),
                ("SELECT 1; SELECT nowhere", "42601"),
            ] as [(SQL, String)] {
                let error = await databaseError { try await database.execute(statement) }
                #expect(error?.kind == .other)
                #expect(error?.sqlState == state)
                #expect(error?.description == "The database does not understand a statement.")
                #expect(error?.debugDescription.contains(statement.description) == true)
            }
            let error = await databaseError { try await database.execute("SELECT 1 FROM nowhere") }
            #expect(error?.debugDescription.contains("relation \"nowhere\" does not exist") == true)
        }
    }

    @Test("a lock that is not waited for is busy")
    func busy() async throws {
        try await PostgresServer.withClients { database, other async throws in
            try await other.execute("CREATE TABLE t (n int)")
            try await other.transaction { tx in
                try await tx.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
                let error = await databaseError {
                    try await database.transaction { _ = try await $0.execute("LOCK TABLE t NOWAIT") }
                }
                #expect(error?.kind == .busy)
                #expect(error?.isRetryable == true)
            }
        }
    }

    @Test("too many arguments, too many rows")
    func tooLarge() async throws {
        try await TestEngine.postgres.withDatabase(.init(durability: .processEnd, maximumRows: 10)) {
            database in
            let arguments = Array(repeating: "1", count: 101).joined(separator: ", ")
            let many = await databaseError {
                try await database.execute(SQL(unescaped: "SELECT nowhere(\(arguments))"))
            }
            #expect(many?.kind == .tooLarge)
            let rows = await databaseError {
                _ = try await database.values("SELECT n FROM generate_series(1, 11) AS n", as: Int.self)
            }
            #expect(rows?.kind == .tooLarge)
            let allowed = try await database.values("SELECT n FROM generate_series(1, 10) AS n", as: Int.self)
            #expect(allowed.count == 10)
        }
    }
}
