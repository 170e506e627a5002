import Database
import Foundation
import Logging
import TestDatabases
import Testing

@Suite("The file of an SQLite database")
struct SQLiteFileTests {
    @Test("a file that is something else is refused, by its path, and left alone", arguments: [100, 5_000, 100_000])
    func garbage(size: Int) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("garbage.sqlite")
            var generator = SystemRandomNumberGenerator()
            let bytes = Data((0..<size).map { _ in UInt8.random(in: 1...255, using: &generator) })
            try bytes.write(to: path)
            let error = await databaseError { _ = try await Database.sqlite(at: path.path) }
            #expect(error?.kind == .notADatabase)
            #expect(error?.description.contains(path.path) == true)
            #expect(try Data(contentsOf: path) == bytes)
        }
    }

    @Test("a folder that is not there is named")
    func missingFolder() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("missing/test.sqlite").path
            let error = await databaseError { _ = try await Database.sqlite(at: path) }
            #expect(error?.kind == .cannotOpen)
            #expect(error?.description.contains(path) == true)
        }
    }

    @Test("a damaged file is found by the quick check, and a sound one passes")
    func damaged() async throws {
        try await withTemporaryFolder { folder in
            let database = try await open(in: folder)
            try await database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, s TEXT)")
            try await database.execute(
                """
                INSERT INTO t WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000)
                SELECT n, 'text ' || n FROM c
                """)
            #expect(try await database.quickCheck().isEmpty)
            #expect(try await database.size() > 50_000)
            try await database.close()
            let path = folder.appendingPathComponent("test.sqlite")
            var bytes = try Data(contentsOf: path)
            for offset in 8_192..<60_000 { bytes[offset] = 0x5A }
            try bytes.write(to: path)

            let damaged = try await open(in: folder)
            let findings = try? await damaged.quickCheck()
            #expect(findings?.isEmpty != true)
            let error = await databaseError { _ = try await damaged.values("SELECT s FROM t", as: String.self) }
            #expect(error?.kind == .corrupt)
            try await damaged.close()
        }
    }

    @Test("a pipeline that need not survive a loss of power doesn't wait for the disk, and only that one")
    func relaxed() async throws {
        try await TestEngine.sqlite.withDatabase(DatabaseConfiguration(durability: .powerLoss)) {
            database async throws in
            try await database.execute("CREATE TABLE t (level INTEGER NOT NULL)")
            let note: SQL = "INSERT INTO t SELECT synchronous FROM pragma_synchronous"
            try await database.pipeline(surviving: .processEnd, isKnownToWrite: true) { _ = $0.execute(note) }
            try await database.execute(note)
            await #expect(throws: DatabaseError.self) {
                try await database.pipeline(surviving: .processEnd) { _ = $0.execute("INSERT INTO t VALUES (NULL)") }
            }
            try await database.transaction { _ = try await $0.execute(note) }
            #expect(try await database.values("SELECT level FROM t ORDER BY rowid") == [1, 2, 2])
        }
    }

    @Test("a full disk is told as such, and nothing is half written")
    func diskFull() async throws {
        let configuration = DatabaseConfiguration(durability: .processEnd, maximumFileBytes: 200_000)
        try await TestEngine.sqlite.withDatabase(configuration) { database async throws in
            try await database.execute("CREATE TABLE t (b BLOB)")
            let block = [UInt8](repeating: 1, count: 40_000)
            let error = await databaseError {
                try await database.transaction { tx in
                    for _ in 0..<20 { try await tx.execute("INSERT INTO t VALUES (\(block))") }
                }
            }
            #expect(error?.kind == .diskFull)
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
            try await database.execute("INSERT INTO t VALUES (\([1, 2] as [UInt8]))")
            #expect(try await database.quickCheck().isEmpty)
        }
    }

    @Test("after a full disk inside a savepoint nothing of the transaction is committed behind its back")
    func diskFullInSavepoint() async throws {
        let configuration = DatabaseConfiguration(durability: .processEnd, maximumFileBytes: 200_000)
        try await TestEngine.sqlite.withDatabase(configuration) { database async throws in
            try await database.execute("CREATE TABLE t (b BLOB)")
            let big = [UInt8](repeating: 1, count: 400_000)
            _ = await databaseError {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO t VALUES (NULL)")
                    _ = try? await tx.savepoint { _ = try await $0.execute("INSERT INTO t VALUES (\(big))") }
                    try await tx.execute("INSERT INTO t VALUES (NULL)")
                    throw Stop()
                }
            }
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test("a lock that another process holds is waited for, then told as busy")
    func locked() async throws {
        try await withTemporaryFolder { folder in
            let impatient = DatabaseConfiguration(durability: .processEnd, busyTimeout: .milliseconds(30))
            let first = try await open(in: folder)
            let second = try await open(in: folder, impatient)
            try await first.execute("CREATE TABLE t (n INTEGER)")
            try await first.transaction { tx in
                try await tx.execute("INSERT INTO t VALUES (1)")
                let single = await databaseError { try await second.execute("INSERT INTO t VALUES (2)") }
                let transaction = await databaseError { try await second.transaction { _ in } }
                #expect([single?.kind, transaction?.kind] == [.busy, .busy])
                #expect(single?.isRetryable == true)
                let read = try await second.value("SELECT count(*) FROM t", as: Int.self)
                #expect(read == 0)
            }
            #expect(try await second.execute("INSERT INTO t VALUES (2)") as Int == 1)
            try await first.close()
            try await second.close()
        }
    }

    @Test("cancelling ends the wait for another process's lock")
    func cancelledLock() async throws {
        try await withTemporaryFolder { folder in
            let patient = DatabaseConfiguration(durability: .processEnd, busyTimeout: .seconds(600))
            let first = try await open(in: folder)
            let second = try await open(in: folder, patient)
            try await first.execute("CREATE TABLE t (n INTEGER)")
            try await first.transaction { tx in
                try await tx.execute("INSERT INTO t VALUES (1)")
                let task = Task { try await second.execute("INSERT INTO t VALUES (2)") }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            try await first.close()
            try await second.close()
        }
    }

    @Test("what was committed is there after a crash, what was not is gone")
    func crash() async throws {
        try await withTemporaryFolder { folder in
            let crashed = folder.appendingPathComponent("crashed")
            try FileManager.default.createDirectory(at: crashed, withIntermediateDirectories: true)
            let database = try await open(in: folder)
            try await database.execute("CREATE TABLE t (n INTEGER)")
            for n in 0..<50 { try await database.execute("INSERT INTO t VALUES (\(n))") }
            try await database.transaction { tx in
                try await tx.execute("INSERT INTO t SELECT n + 1000 FROM t")
                // The files as the kernel would keep them if the process ended at this moment.
                for name in ["test.sqlite", "test.sqlite-wal"] {
                    let source = folder.appendingPathComponent(name)
                    try FileManager.default.copyItem(at: source, to: crashed.appendingPathComponent(name))
                }
            }
            let recovered = try await open(in: crashed)
            #expect(try await recovered.values("SELECT n FROM t ORDER BY n") == Array(0..<50))
            #expect(try await recovered.quickCheck().isEmpty)
            try await recovered.close()
            try await database.close()
        }
    }

    @Test("a checkpoint moves the log into the file, and closing leaves one file")
    func checkpoint() async throws {
        try await withTemporaryFolder { folder in
            let database = try await open(in: folder)
            try await database.execute("CREATE TABLE t (n INTEGER)")
            try await database.checkpoint()
            let log = try Data(contentsOf: folder.appendingPathComponent("test.sqlite-wal"))
            #expect(log.isEmpty)
            try await database.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["test.sqlite"])
        }
    }

    private func open(in folder: URL, _ configuration: DatabaseConfiguration = .fast) async throws -> Database {
        try await Database.sqlite(
            at: folder.appendingPathComponent("test.sqlite").path, logger: Logger(label: "test"),
            configuration: configuration)
    }
}
