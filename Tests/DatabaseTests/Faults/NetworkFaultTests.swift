import Database
import TestDatabases
import Testing

private let isMissing = !TestEngine.allCases.contains(.postgres)
private let recovery = Duration.seconds(10)

@Suite(
    "Faults of the network to PostgreSQL", .enabled(if: !isMissing, "VIDSIFT_TEST_POSTGRES is not set"),
    .timeLimit(.minutes(2)))
struct NetworkFaultTests {
    @Test("a cut in the middle of a transaction undoes it, and the next one works at once")
    func cutInTransaction() async throws {
        try await withProxy { proxy, database in
            let error = await databaseError {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO t VALUES (1)")
                    proxy.cut()
                    try await tx.execute("INSERT INTO t VALUES (2)")
                }
            }
            #expect(error?.kind == .unavailable && error?.isRetryable == true)
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
            _ = try await database.transaction { try await $0.execute("INSERT INTO t VALUES (3)") }
            #expect(try await database.values("SELECT n FROM t") == [3])
        }
    }

    @Test(
        "a cut at the commit is an error, whether the server has got it or not, and it is not tried again unasked",
        arguments: [false, true])
    func cutAtCommit(passesOn: Bool) async throws {
        try await withProxy { proxy, database in
            let hasCut = proxy.cut(at: LoopbackProxy.commit, passesOn: passesOn)
            let error = await databaseError {
                _ = try await database.transaction(attempts: 5) { try await $0.execute("INSERT INTO t VALUES (1)") }
            }
            #expect(error?.kind == .unavailable && error?.isRetryable == true)
            await hasCut.wait()
            let count = passesOn ? 1 : 0
            try await eventually("\(count) rows") { try await database.value("SELECT count(*) FROM t") == count }
        }
    }

    @Test("a cut inside a bulk insert or a pipeline leaves nothing of it behind", arguments: ["COPY", "pipeline"])
    func cutInBulk(way: String) async throws {
        try await withProxy { proxy, database in
            try await database.execute("CREATE TABLE words (word TEXT)")
            let words = (0..<2_000).map { "word number \($0) of a long list" }
            let hasCut = proxy.cut(at: "number 1500 of", passesOn: false)
            let error = await databaseError {
                if way == "COPY" {
                    try await database.insert(into: "words", columns: ["word"], rows: words.map { [.text($0)] })
                } else {
                    try await database.pipeline { pipeline in
                        for word in words { pipeline.execute("INSERT INTO words VALUES (\(word))") }
                    }
                }
            }
            #expect(error?.kind == .unavailable && error?.isRetryable == true, "\(error?.debugDescription ?? "")")
            await hasCut.wait()
            #expect(try await database.value("SELECT count(*) FROM words") == 0)
        }
    }

    @Test("connections that were cut while nobody used them are replaced without a failure")
    func cutWhileIdle() async throws {
        try await withProxy { proxy, database in
            try await database.whileAllRead(4) {}
            proxy.cut()
            try await eventually("the end of all connections") { proxy.connections == 0 }

            try await database.inParallel(20) { try await database.value("SELECT \($0)", as: Int.self) }
            try await database.execute("INSERT INTO t VALUES (1)")
        }
    }

    @Test("while connections are refused all fail at once, and afterwards all work")
    func refused() async throws {
        try await withProxy { proxy, database in
            proxy.refuse()
            proxy.cut()
            let start = ContinuousClock.now
            for number in 0..<200 {
                let error = await databaseError { try await database.execute("INSERT INTO t VALUES (\(number))") }
                #expect(error?.kind == .unavailable && error?.isRetryable == true)
            }
            #expect(ContinuousClock.now - start < .seconds(5), "nobody waits for a server that is away")

            try proxy.accept()
            try await eventually("recovery", within: recovery) {
                await databaseError { try await database.execute("INSERT INTO t VALUES (1000)") } == nil
            }
            try await database.inParallel(20) { try await database.execute("INSERT INTO t VALUES (\($0 + 2_000))") }
            #expect(try await database.value("SELECT count(*) FROM t") == 21)
        }
    }

    @Test("in a silent network a statement fails after its time, and so does connecting")
    func silent() async throws {
        let impatient = DatabaseConfiguration(
            maximumReaders: 1, connectTimeout: .seconds(2), statementTimeout: .milliseconds(200))
        try await withProxy(impatient) { proxy, database in
            #expect(try await database.value("SELECT 1") == 1)
            proxy.hold()
            let start = ContinuousClock.now
            let stopped = await databaseError { _ = try await database.value("SELECT 2", as: Int.self) }
            let unconnected = await databaseError { _ = try await database.value("SELECT 3", as: Int.self) }
            #expect(stopped?.kind == .timedOut && stopped?.isRetryable == true)
            #expect(unconnected?.kind == .unavailable && unconnected?.isRetryable == true)
            #expect(ContinuousClock.now - start < recovery)

            proxy.letPass()
            try await eventually("recovery", within: recovery) {
                await databaseError { _ = try await database.value("SELECT 4", as: Int.self) } == nil
            }
        }
    }

    @Test("bytes that come late and in slices change nothing", arguments: [1, 7, 1_000])
    func sliced(bytes: Int) async throws {
        try await withProxy { proxy, database in
            proxy.slice(bytes: bytes, pause: .microseconds(bytes == 1 ? 0 : 50))
            let words = (0..<200).map { "word number \($0)" }
            try await database.execute("CREATE TABLE words (word TEXT)")
            try await database.insert(into: "words", columns: ["word"], rows: words.map { [.text($0)] })
            let counts = try await database.pipeline { pipeline in
                words.map { pipeline.value("SELECT count(*) FROM words WHERE word = \($0)", as: Int.self) }
            }
            #expect(try counts.allSatisfy { try $0.value == 1 })
            #expect(try await database.values("SELECT word FROM words ORDER BY word") == words.sorted())
        }
    }

    @Test("those who listen are told that the network was cut, and that they hear again")
    func listening() async throws {
        try await withProxy { proxy, database in
            var notices = database.notifications(on: ["news"]).makeAsyncIterator()
            #expect(await notices.next() == .connected)
            proxy.cut()
            #expect(await notices.next() == .disconnected)
            #expect(await notices.next() == .connected)
            try await eventually("sending the news", within: recovery) {
                await databaseError { try await database.execute("SELECT pg_notify('news', 'good')") } == nil
            }
            #expect(await notices.next() == .notified(channel: "news", payload: "good"))
        }
    }

    /// Runs the closure with a client that reaches the tests' server through a proxy, and a table with one column.
    private func withProxy(
        _ configuration: DatabaseConfiguration = .fast, _ body: (LoopbackProxy, Database) async throws -> Void
    ) async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        try await LoopbackProxy.run(to: place.target) { proxy in
            let database = try await OwnServer.open(place.url(through: proxy), configuration)
            try await database.execute("CREATE TABLE t (n INTEGER)")
            do {
                try await body(proxy, database)
                try await database.close()
            } catch {
                // The test's own error says more than a failure to close.
                try? await database.close()
                throw error
            }
        }
    }
}
