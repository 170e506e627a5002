import Database
import Foundation
import TestDatabases
import Testing

/// Everything that a database does for the program, once.
struct DriverTour {
    let database: Database

    func run() async throws {
        try await database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, word TEXT)")
        try await values()
        try await transactions()
        try await bulk()
        try await conflicts()
        try await failures()
        try await stopping()
        try await migrations()
    }

    private func values() async throws {
        // More than once, so that a statement would be prepared where it may be.
        for number in 0..<3 {
            let bytes = [UInt8](0...255)
            let time = Date(timeIntervalSince1970: 1_700_000_000 + Double(number))
            let isSame = try await database.fetch(
                "SELECT \(number), \("wörd"), \(0.5), \(bytes), \(true), \(time), \(Int?.none)", limit: 1
            ) { row in
                let isFirst = try row.decode(at: 0, as: Int.self) == number
                let areOthers =
                    try row.decode(at: 1, as: String.self) == "wörd" && row.decode(at: 2, as: Double.self) == 0.5
                let isBinary = try row.decode(at: 3, as: [UInt8].self) == bytes && row.decode(at: 4, as: Bool.self)
                let isTimed = try row.decode(at: 5, as: Date.self) == time
                let isNull = try row.decode(at: 6, as: Int?.self) == nil
                return isFirst && areOthers && isBinary && isTimed && isNull
            }
            #expect(isSame == [true])
        }
        #expect(try await database.values("SELECT n FROM generate_series(1, 5000) AS n", as: Int.self).count == 5_000)
    }

    private func transactions() async throws {
        struct Stop: Error {}
        try await database.transaction { tx in
            try await tx.execute("INSERT INTO t VALUES (1, 'kept')")
            await #expect(throws: Stop.self) {
                try await tx.savepoint { inner in
                    try await inner.execute("INSERT INTO t VALUES (2, 'undone')")
                    throw Stop()
                }
            }
            try await tx.savepoint { _ = try await $0.execute("INSERT INTO t VALUES (3, 'kept')") }
        }
        await #expect(throws: Stop.self) {
            try await database.transaction { tx in
                try await tx.execute("INSERT INTO t VALUES (4, 'undone')")
                throw Stop()
            }
        }
        #expect(try await database.values("SELECT n FROM t ORDER BY n") == [1, 3])
        try await database.read { snapshot in
            #expect(try await snapshot.value("SELECT count(*) FROM t") == 2)
            try await database.execute("INSERT INTO t VALUES (5, 'later')")
            #expect(try await snapshot.value("SELECT count(*) FROM t") == 2)
        }
        let refusal = await databaseError { try await database.read { _ = try await $0.execute("DELETE FROM t") } }
        #expect(refusal?.kind == .readOnly)
        #expect(try await database.execute("DELETE FROM t") == 3)
    }

    private func bulk() async throws {
        let rows: [[SQLValue]] = (0..<3_000).map { [.integer($0), .text("word \($0)")] }
        #expect(try await database.insert(into: "t", columns: ["n", "word"], rows: rows) == 3_000)
        let again = await databaseError { try await database.insert(into: "t", columns: ["n", "word"], rows: rows) }
        #expect(again?.kind == .uniqueViolation)
        let (words, count) = try await database.pipeline { pipeline in
            for n in 0..<300 { pipeline.execute("UPDATE t SET word = \("changed \(n)") WHERE n = \(n)") }
            return (
                pipeline.values("SELECT word FROM t WHERE n IN (0, 299, 300) ORDER BY n", as: String.self),
                pipeline.value("SELECT count(*) FROM t", as: Int.self)
            )
        }
        #expect(try words.value == ["changed 0", "changed 299", "word 300"])
        #expect(try count.value == 3_000)
        let failure = await databaseError {
            _ = try await database.pipeline { pipeline in
                pipeline.execute("DELETE FROM t")
                pipeline.execute("INSERT INTO t VALUES (1, 'a'), (1, 'b')")
            }
        }
        #expect(failure?.kind == .uniqueViolation)
        #expect(try await database.value("SELECT count(*) FROM t") == 3_000)
    }

    private func conflicts() async throws {
        try await database.execute("CREATE TABLE counter (n INTEGER)")
        try await database.execute("INSERT INTO counter VALUES (0)")
        try await database.inParallel(4) { _ in
            for _ in 0..<5 {
                try await database.transaction(isolation: .serializable, attempts: 100) { tx in
                    let n = try await tx.value("SELECT n FROM counter", as: Int.self) ?? 0
                    try await tx.execute("UPDATE counter SET n = \(n + 1)")
                }
            }
        }
        #expect(try await database.value("SELECT n FROM counter") == 20)
    }

    private func failures() async throws {
        for _ in 0..<3 {
            let mistake = await databaseError { _ = try await database.value("SELECT nothing FROM t", as: Int.self) }
            #expect(mistake?.kind == .other)
            let late = await databaseError {
                try await database.transaction { tx in
                    try await tx.execute("UPDATE t SET word = NULL")
                    try await tx.execute("INSERT INTO t VALUES (0, 'twice')")
                }
            }
            #expect(late?.kind == .uniqueViolation)
        }
        #expect(try await database.value("SELECT count(*) FROM t WHERE word IS NULL") == 0)
    }

    private func stopping() async throws {
        let start = ContinuousClock.now
        let sleeping = Task { try await database.value("SELECT 1 FROM pg_sleep(60)", as: Int.self) }
        try await eventually("the statement runs") {
            let running = try await database.value(
                """
                SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active'
                    AND datname = current_database() AND pid <> pg_backend_pid()
                """, as: Int.self)
            return running == 1
        }
        sleeping.cancel()
        await #expect(throws: CancellationError.self) { _ = try await sleeping.value }
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(try await database.value("SELECT 1") == 1)
    }

    private func migrations() async throws {
        let migrations = [Migration(name: "001_a", sql: "CREATE TABLE a (n INTEGER); INSERT INTO a VALUES (1)")]
        #expect(try await Migrator(migrations).run(on: database).count == 1)
        #expect(try await Migrator(migrations).run(on: database).isEmpty)
        #expect(try await database.value("SELECT n FROM a") == 1)
    }
}
