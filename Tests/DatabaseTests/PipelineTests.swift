import TestDatabases
import Testing

@testable import Database

@Suite("Pipelines", .timeLimit(.minutes(2)))
struct PipelineTests {
    @Test("statements run in their order, and each gives its result", arguments: TestEngine.allCases)
    func results(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            let results = try await database.pipeline {
                (
                    $0.execute("INSERT INTO t VALUES (1), (2), (3)"),
                    $0.values("SELECT n FROM t ORDER BY n", as: Int.self),
                    $0.execute("UPDATE t SET n = n + 10 WHERE n > \(1)"),
                    $0.value("SELECT max(n) FROM t", as: Int.self),
                    $0.value("SELECT n FROM t WHERE n = 99", as: Int.self),
                    $0.rows("DELETE FROM t WHERE n > 10 RETURNING n", as: OneNumber.self),
                    $0.first("SELECT n FROM t", as: OneNumber.self)
                )
            }
            #expect(try results.0.value == 3)
            #expect(try results.1.value == [1, 2, 3])
            #expect(try results.2.value == 2)
            #expect(try results.3.value == 13)
            #expect(try results.4.value == nil)
            #expect(try results.5.value.map(\.n).sorted() == [12, 13])
            #expect(try results.6.value?.n == 1)
        }
    }

    @Test("a statement that fails stops all, and nothing has happened", arguments: TestEngine.allCases)
    func failure(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            for place in 0...2 {
                var statements: [SQL] = [
                    "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)", "SELECT count(*) FROM t",
                ]
                statements.insert("INSERT INTO t SELECT 7 UNION ALL SELECT 7", at: place)
                let error = await databaseError {
                    _ = try await database.pipeline { pipeline in
                        for sql in statements { pipeline.execute(sql) }
                    }
                }
                #expect(error?.kind == .uniqueViolation)
                #expect(error?.debugDescription.contains("UNION") == true)
                #expect(try await database.value("SELECT count(*) FROM t") == 0)
            }
            _ = try await database.pipeline { $0.execute("INSERT INTO t VALUES (1)") }
            #expect(try await database.values("SELECT n FROM t") == [1])
        }
    }

    @Test("a row that can't be read undoes all as well", arguments: TestEngine.allCases)
    func decoding(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            let error = await databaseError {
                _ = try await database.pipeline {
                    $0.execute("INSERT INTO t VALUES (1)")
                    _ = $0.value("SELECT 'x'", as: Int.self)
                    $0.execute("INSERT INTO t VALUES (2)")
                }
            }
            #expect(error?.kind == .decoding)
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
            let results = try await database.pipeline {
                ($0.execute("INSERT INTO t VALUES (3)"), $0.values("SELECT n FROM t", as: Int.self))
            }
            #expect(try results.1.value == [3])
            #expect(try await database.values("SELECT n FROM t") == [3])
        }
    }

    @Test("more statements than are under way at a time", arguments: TestEngine.allCases)
    func many(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            let count = PostgresLimits.pipelineDepth * 4 + 3
            let read = try await database.pipeline { pipeline in
                (0..<count).map { pipeline.value("SELECT \($0)", as: Int.self) }
            }
            #expect(try read.map { try $0.value } == Array(0..<count))
            _ = try await database.pipeline { pipeline in
                for n in 0..<count { pipeline.execute("INSERT INTO t VALUES (\(n))") }
            }
            #expect(try await database.value("SELECT count(*) FROM t") == count)
            let error = await databaseError {
                _ = try await database.pipeline { pipeline in
                    for n in 0..<count { pipeline.execute("INSERT INTO t VALUES (\(count + n % 600))") }
                }
            }
            #expect(error?.kind == .uniqueViolation)
            #expect(try await database.value("SELECT count(*) FROM t") == count)
        }
    }

    @Test(
        "large values go both ways at once, and neither end waits for the other",
        arguments: TestEngine.allCases)
    func large(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            let bytes = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let text = String(repeating: "naïve 🌍 ", count: 200_000)
            let results = try await database.pipeline { pipeline in
                (0..<4).map { _ in
                    (
                        pipeline.value("SELECT \(bytes)", as: [UInt8].self),
                        pipeline.value("SELECT \(text)", as: String.self)
                    )
                }
            }
            for result in results {
                #expect(try result.0.value == bytes)
                #expect(try result.1.value == text)
            }
            #expect(try await database.value("SELECT 5") == 5)
        }
    }

    @Test(
        "inside a transaction it is a part of that, and its failure ends it",
        arguments: TestEngine.allCases)
    func inside(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            try await database.transaction { tx in
                try await tx.execute("INSERT INTO t VALUES (1)")
                let results = try await tx.pipeline {
                    (
                        $0.execute("INSERT INTO t VALUES (2)"),
                        $0.values("SELECT n FROM t ORDER BY n", as: Int.self)
                    )
                }
                #expect(try results.1.value == [1, 2])
            }
            let error = await databaseError {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO t VALUES (3)")
                    _ = try? await tx.pipeline { $0.execute("INSERT INTO t VALUES (2)") }
                }
            }
            #expect(error?.kind == .uniqueViolation)
            #expect(try await database.values("SELECT n FROM t ORDER BY n") == [1, 2])
        }
    }

    @Test(
        "a result can't be read before the end, and an empty pipeline gives nothing",
        arguments: TestEngine.allCases)
    func early(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            let error = await databaseError {
                _ = try await database.pipeline { try $0.value("SELECT 1", as: Int.self).value }
            }
            #expect(error?.kind == .misuse)
            #expect(try await database.pipeline { _ in 7 } == 7)
        }
    }

    @Test("in a snapshot it may read, and not write", arguments: TestEngine.allCases)
    func snapshot(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            let error = await databaseError {
                try await database.read { snapshot in
                    let count = try await snapshot.pipeline {
                        $0.value("SELECT count(*) FROM t", as: Int.self)
                    }
                    #expect(try count.value == 0)
                    _ = try await snapshot.pipeline { $0.execute("INSERT INTO t VALUES (1)") }
                }
            }
            #expect(error?.kind == .readOnly)
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
        }
    }
}

private struct OneNumber: RowDecodable {
    let n: Int
    init(row: Row) throws { n = try row.decode("n") }
}
