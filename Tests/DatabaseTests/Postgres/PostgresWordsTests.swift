import TestDatabases
import Testing

@testable import Database

@Suite("What the words of a statement tell")
struct PostgresWordsTests {
    @Test(
        "statements that read may run where nothing is written",
        arguments: [
            "SELECT 1", "select * from updates", "  -- INSERT\n SELECT 1",
            "/* UPDATE /* nested */ x */ SELECT 1",
            "SELECT 'DELETE FROM x'", "SELECT $$ INSERT INTO x $$", "SELECT $tag$ ; UPDATE $$ x $tag$",
            "SELECT \"update\" FROM t", "SELECT E'it\\'s; DELETE'", "SELECT E'a''b\\' DELETE FROM x'",
            "SELECT U&'\\0041 INTO' FROM t", "SELECT 'it''s INTO'", "SELECT \"a\"\"INTO\"", "VALUES (1)",
            "TABLE t",
            "SHOW work_mem", "WITH a AS (SELECT 1) SELECT * FROM a", "EXPLAIN SELECT 1",
            "(SELECT 1) UNION (SELECT 2)",
            "SELECT $1, deleted, into_, x$update FROM t", "SELECT 1 /* INTO",
        ])
    func reading(text: String) {
        let words = PostgresStatementWords(text)
        #expect(!words.writes)
        #expect(words.refused == nil)
    }

    @Test(
        "statements that write, or lock, are told by a word, wherever it stands",
        arguments: [
            "INSERT INTO t VALUES (1)", "/* SELECT */ delete from t",
            "MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE",
            "WITH x AS (DELETE FROM t RETURNING n) SELECT * FROM x", "SELECT n INTO u FROM t",
            "SELECT n FROM t FOR UPDATE",
            "SELECT n FROM t FOR NO KEY UPDATE", "SELECT n FROM t FOR KEY SHARE",
            "EXPLAIN ANALYZE SELECT 1",
            "EXPLAIN (ANALYZE, COSTS off) SELECT 1", "SELECT E'a''b\\'' INTO u", "CREATE TABLE t (n int)",
            "TRUNCATE t",
            "CALL p()", "DO $$ BEGIN END $$", "LOCK TABLE t", "NOTIFY c", "SET LOCAL work_mem = 64", "",
        ])
    func writing(text: String) {
        #expect(PostgresStatementWords(text).writes)
    }

    @Test(
        "statements that would change the connection for those who come after are refused",
        arguments: [
            "BEGIN", " start transaction", "/* */ COMMIT", "-- x\nEND", "ROLLBACK", "ABORT",
            "SAVEPOINT a", "RELEASE a",
            "SET work_mem = 64", "SET SESSION work_mem = 64", "SET TRANSACTION READ ONLY", "RESET ALL",
            "DISCARD ALL",
            "COPY t FROM STDIN", "COPY t TO STDOUT", "LISTEN c", "UNLISTEN *", "PREPARE a AS SELECT 1",
            "EXECUTE a",
            "DEALLOCATE ALL", "DECLARE c CURSOR FOR SELECT 1", "FETCH c", "MOVE c", "CLOSE c", "LOAD 'x'",
        ])
    func refused(text: String) throws {
        let words = PostgresStatementWords(text)
        #expect(words.refused != nil)
        #expect(throws: DatabaseError.self) { try words.refuseUnlessPlain() }
        #expect(throws: DatabaseError.self) {
            try PostgresStatementWords.refuseUnlessPlain(script: "SELECT 1; \(text)")
        }
    }

    @Test(
        "what ends with the transaction may be set in it",
        arguments: ["SET LOCAL x.y = 1", "set constraints all deferred"])
    func passing(text: String) {
        #expect(PostgresStatementWords(text).refused == nil)
    }

    @Test(
        "in a script no statement may hide, and none is taken for one that is not",
        arguments: [
            ("SELECT 1; COMMIT", false), ("SELECT E'a''b\\''; ROLLBACK; SELECT ''", false),
            ("SELECT ';' ; ; BEGIN", false),
            (
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END; COMMIT",
                false
            ),
            (
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; TABLE t",
                true
            ),
            (
                "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$; SELECT 1",
                true
            ),
            ("SELECT 1; -- COMMIT;\n/* ; COMMIT; */ SELECT '; COMMIT'", true),
            ("CREATE TABLE begin_ (n int); ", true),
        ] as [(String, Bool)])
    func scripts(script: String, isPlain: Bool) async {
        let error = await databaseError { try PostgresStatementWords.refuseUnlessPlain(script: script) }
        #expect((error == nil) == isPlain)
    }

    @Test("the lexer walks past texts, names, comments and dollar quotes")
    func tokens() {
        var lexer = PostgresLexer(
            "Größe a1$b 'x''y' \"q\"\"r\" $1 $x$ ; $x$ 12e5 /* ; /* */ */ ; -- end")
        var tokens: [PostgresLexer.Token] = []
        while let token = lexer.next() { tokens.append(token) }
        let expected: [PostgresLexer.Token] = [
            .word("GRÖSSE"), .word("A1$B"), .other, .other, .other, .other, .other, .semicolon,
        ]
        #expect(tokens == expected)
    }

    @Test("no text, however broken, is walked past its end")
    func brokenTexts() {
        var numbers = SeededNumbers(seed: 5)
        let signs = [
            "'", "\"", "$", "$a$", "/*", "*/", "--", "\n", "\\", "E'", ";", "a", "1", " ", "BEGIN",
            "ATOMIC", "END",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
                signs.randomElement(using: &numbers) ?? ""
            }.joined()
            var lexer = PostgresLexer(text)
            var count = 0
            while lexer.next() != nil { count += 1 }
            #expect(count <= text.utf8.count)
            _ = PostgresStatementWords(text)
            try? PostgresStatementWords.refuseUnlessPlain(script: text)
        }
    }

    @Test(
        "a function that writes does so by itself, and not in a snapshot",
        .enabled(if: PostgresServer.isThere, PostgresServer.missing))
    func functionsThatWrite() async throws {
        try await withNumbers(.postgres) { database async throws in
            try await database.execute("CREATE SEQUENCE numbers")
            try await database.execute(
                "CREATE FUNCTION add(n int) RETURNS int LANGUAGE sql AS 'INSERT INTO t VALUES (n) RETURNING n'"
            )
            #expect(try await database.value("SELECT nextval('numbers')") == 1)
            #expect(try await database.value("SELECT add(7)") == 7)
            #expect(try await database.values("SELECT n FROM t") == [7])
            for statement in ["SELECT nextval('numbers')", "SELECT add(8)"] as [SQL] {
                let error = await databaseError {
                    _ = try await database.read { try await $0.value(statement, as: Int.self) }
                }
                #expect(error?.kind == .readOnly)
            }
            #expect(try await database.values("SELECT n FROM t") == [7])
        }
    }
}
