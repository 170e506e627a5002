import Database
import TestDatabases
import Testing

private let absence =
    TestEngine.allCases.contains(.postgres) ? PgBouncer.absence : "VIDSIFT_TEST_POSTGRES is not set"

@Suite("Behind a pooler", .enabled(if: absence == nil, "\(absence ?? "")"), .timeLimit(.minutes(2)))
struct PoolerTests {
    /// A pooler's mode, and what the program is told of it.
    enum Setup: CaseIterable, Sendable {
        case transactionUntold
        case transactionTold
        case sessionUntold
        case sessionTold

        var mode: PgBouncer.Mode {
            switch self {
            case .transactionUntold, .transactionTold: .transaction
            case .sessionUntold, .sessionTold: .session
            }
        }

        var told: Pooler {
            switch self {
            case .transactionUntold, .sessionUntold: .automatic
            case .transactionTold: .transaction
            case .sessionTold: .session
            }
        }

        /// Whether the connection may keep something from one transaction to the next.
        var keepsState: Bool { self == .sessionTold }
    }

    @Test("statements, transactions, pipelines, bulk inserts and conflicts work", arguments: Setup.allCases)
    func everything(setup: Setup) async throws {
        try await withPooler(setup) { database, _ in
            try await DriverTour(database: database).run()
        }
    }

    @Test("more clients than the pooler has connections share them", arguments: [PgBouncer.Mode.transaction])
    func sharing(mode: PgBouncer.Mode) async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        try await PgBouncer.run(mode, before: place.url ?? "", connections: 2) { pooler in
            let database = try await OwnServer.open(
                pooler.url(of: place.nameOnServer), .init(maximumReaders: 8, maximumWriters: 8))
            try await database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)")
            try await database.inParallel(100) { number in
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO t VALUES (\(number))")
                    #expect(try await tx.value("SELECT n FROM t WHERE n = \(number)") == number)
                }
            }
            #expect(try await database.value("SELECT count(*) FROM t") == 100)
            try await database.close()
        }
    }

    @Test("statements are prepared by name only where the connection is one's own", arguments: Setup.allCases)
    func names(setup: Setup) async throws {
        try await withPooler(setup) { database, _ in
            for number in 0..<5 { #expect(try await database.value("SELECT \(number) + 1") == number + 1) }
            let prepared = try await database.values(
                "SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%+ 1'", as: String.self)
            #expect(prepared.count == (setup.keepsState ? 1 : 0))
        }
    }

    @Test("notifications come only where the connection is one's own", arguments: Setup.allCases)
    func notifications(setup: Setup) async throws {
        try await withPooler(setup) { database, place in
            let direct = try await place.open()
            var heard = direct.notifications(on: ["news"]).makeAsyncIterator()
            #expect(await heard.next() == .connected)
            let notices = NoticeList()
            let listening = Task { for await notice in database.notifications(on: ["news"]) { notices.append(notice) } }
            if setup.keepsState { try await eventually("listening") { notices.all == [.connected] } }

            try await direct.execute("SELECT pg_notify('news', 'good')")

            let news = DatabaseNotice.notified(channel: "news", payload: "good")
            #expect(await heard.next() == news)
            if setup.keepsState { try await eventually("the news") { notices.all == [.connected, news] } }
            listening.cancel()
            await listening.value
            #expect(notices.all == (setup.keepsState ? [.connected, news] : []))
            try await direct.close()
        }
    }

    @Test("a login that the pooler refuses says so, without the password", arguments: PgBouncer.Mode.allCases)
    func refused(mode: PgBouncer.Mode) async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        try await PgBouncer.run(mode, before: place.url ?? "") { pooler in
            let url = pooler.url(of: place.nameOnServer, password: "another-secret")
            let error = await databaseError { _ = try await OwnServer.open(url, .init()) }
            let texts = try #require(error.map { [$0.description, $0.debugDescription] })
            #expect(texts[0].contains(place.nameOnServer) && texts[1].contains("authentication failed"))
            for text in texts { #expect(!text.contains("another-secret")) }
        }
    }

    @Test("a pooler whose server has gone is unavailable, and works when the server is back")
    func lostServer() async throws {
        try #require(OwnServer.absence == nil)
        try await OwnServer.run { server in
            try await PgBouncer.run(.transaction, before: server.url()) { pooler in
                let database = try await OwnServer.open(pooler.url(of: "postgres"), .init())
                try await WritingLoad.run(on: database) { load in
                    try await load.waitForMore(50)
                    try await server.kill()
                    try await load.waitForFailure()
                    try await server.start()
                    try await load.waitForMore(50, within: .seconds(10))
                }
                try await database.close()
            }
        }
    }

    private func withPooler(
        _ setup: Setup, _ body: (Database, TestDatabase) async throws -> Void
    ) async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        try await PgBouncer.run(setup.mode, before: place.url ?? "") { pooler in
            let database = try await OwnServer.open(
                pooler.url(of: place.nameOnServer), .init(maximumReaders: 2, maximumWriters: 4, pooler: setup.told))
            try await body(database, place)
            try await database.close()
        }
    }
}
