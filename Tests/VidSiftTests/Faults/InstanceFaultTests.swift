import Database
import TestDatabases
import Testing

@testable import VidSift

private let serverAbsence = OwnServer.absence
private let isMissing = !TestEngine.allCases.contains(.postgres)

@Suite(
    "Faults of the database, as a client of the program sees them",
    .enabled(if: !isMissing, "VIDSIFT_TEST_POSTGRES is not set"), .timeLimit(.minutes(5)))
struct InstanceFaultTests {
    @Test(
        "while a server that was killed with -9 is away all is refused as retryable; afterwards nothing is lost",
        .enabled(if: serverAbsence == nil, "\(serverAbsence ?? "")"))
    func killed() async throws {
        try await OwnServer.run { database in
            try await TestServer.run(["DATABASE_URL": database.url()]) { server in
                try await RequestLoad.run(on: server) { load in
                    try await load.waitForMore(20)
                    try await database.kill()
                    try await load.waitForRefusals()
                    try await server.expectNotReady()
                    try await database.start()
                    try await server.expectRecovery()
                    try await load.waitForMore(20, within: TestServer.recovery)
                }
            }
        }
    }

    @Test("when every backend is terminated again and again, questions and uploads go on")
    func terminated() async throws {
        try await TestServer.run(engine: .postgres) { server in
            let administration = try #require(try await server.library.place?.open())
            try await RequestLoad.run(on: server) { load in
                for _ in 0..<4 {
                    try await load.waitForMore(5, within: TestServer.recovery)
                    let ended = try await administration.values(
                        """
                        SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """, as: Bool.self)
                    #expect(!ended.isEmpty)
                }
                try await server.expectRecovery()
            }
            try await administration.close()
        }
    }

    @Test("connections refused for 20 seconds: each request is refused at once, and all recovers by itself")
    func refused() async throws {
        let away = Duration.seconds(20)
        try await withProxy { proxy, server in
            try await server.add(Samples.bread, as: "bread.vtt")
            try await RequestLoad.run(on: server) { load in
                try await load.waitForMore(5)
                proxy.refuse()
                proxy.cut()
                let start = ContinuousClock.now
                while ContinuousClock.now - start < away {
                    try await load.waitForRefusals()
                    try await server.expectNotReady()
                }
                try proxy.accept()
                try await server.expectRecovery()
                try await load.waitForMore(5, within: TestServer.recovery)
            }
        }
    }

    @Test("statements that hang are stopped and refused as retryable, and work as soon as nothing holds them")
    func hanging() async throws {
        let impatient = DatabaseConfiguration(statementTimeout: .milliseconds(300))
        try await TestServer.run(engine: .postgres, databaseConfiguration: impatient) { server in
            try await server.add(Samples.bread, as: "bread.vtt")
            try await server.whileLocked("videos") {
                for answer in [
                    try await server.get("/api/videos"), try await server.upload(Samples.tides, as: "tides.vtt"),
                ] {
                    try server.expectRetryable(answer)
                }
                #expect(try await server.get("/livez").status == 200)
            }
            try await server.expectRecovery()
        }
    }

    @Test("when all connections are in use, those who wait too long are refused as retryable, and reading goes on")
    func exhausted() async throws {
        let impatient = DatabaseConfiguration(waitTimeout: .milliseconds(300))
        try await TestServer.run(
            ["DATABASE_POOL_SIZE": "2"], engine: .postgres, databaseConfiguration: impatient
        ) { server in
            try await server.add(Samples.bread, as: "bread.vtt")
            let first = try await server.whileLocked("chat_sessions") {
                // It ends when the lock does.
                let first = Task { try await server.ask("Why does rye bread stay low?") }
                let waiting: SQL = """
                    SELECT count(*) FROM pg_locks WHERE NOT granted
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    """
                try await eventually("the only writing connection is in use") {
                    try await server.components.database.value(waiting) == 1
                }
                try await withThrowingTaskGroup(of: Answer.self) { group in
                    for number in 0..<20 {
                        group.addTask { try await server.upload(Samples.tides, as: "tides-\(number).vtt") }
                    }
                    for try await answer in group { try server.expectRetryable(answer) }
                }
                #expect(try await server.get("/api/search?q=gluten").list("hits").count == 1)
                return first
            }
            #expect(try await first.value.status == 200)
            try await server.expectRecovery()
        }
    }

    @Test(
        "a network cut at the commit of an upload: it is refused, and sent again it is there once",
        arguments: [false, true])
    func cut(passesOn: Bool) async throws {
        try await withProxy { proxy, server in
            let hasCut = proxy.cut(at: LoopbackProxy.commit, passesOn: passesOn)
            try server.expectRetryable(try await server.upload(Samples.bread, as: "bread.vtt"))
            await hasCut.wait()

            // While one looks whether the database is back, others are refused; the worker looks, too.
            try await eventually("it is accepted", within: TestServer.recovery) {
                try await server.upload(Samples.bread, as: "bread.vtt").status == 202
            }
            let videos = try await server.get("/api/videos").list("videos")
            #expect(videos.count == 1)
            try await eventually("it is indexed") {
                try await server.get("/api/search?q=gluten").list("hits").count == 1
            }
        }
    }

    @Test("a slow network that cuts everything into slices changes nothing")
    func sliced() async throws {
        try await withProxy { proxy, server in
            proxy.slice(bytes: 300, pause: .milliseconds(1))
            try await RequestLoad.run(on: server) { load in
                try await load.waitForMore(3)
                proxy.cut()
                try await load.waitForMore(3, within: TestServer.recovery)
            }
        }
    }

    @Test(
        "a full disk on the server: uploads are refused as retryable until there is room, and nothing is lost",
        .enabled("a small disk can't be mounted here: that takes root") { await SmallDisk.absence() == nil })
    func fullDisk() async throws {
        try #require(serverAbsence == nil)
        let settings = ["max_wal_size=4MB", "min_wal_size=2MB"]
        try await OwnServer.run(on: .small(bytes: 80 << 20, withLog: true), settings) { database in
            try await TestServer.run(["DATABASE_URL": database.url()]) { server in
                try await server.add(Samples.bread, as: "bread.vtt")
                try await RequestLoad.run(on: server) { load in
                    try await load.waitForMore(3)
                    try database.fillDisk(except: 256 << 10)
                    try await load.waitForRefusals()
                    #expect(try await server.get("/livez").status == 200)
                    try database.emptyDisk()
                    // Without room even for its log the server ends, and somebody must start it again.
                    if !database.isRunning { try await database.start() }
                    try await server.expectRecovery()
                    try await load.waitForMore(3, within: TestServer.recovery)
                }
            }
        }
    }

    /// Runs the closure with a server that reaches its database through a proxy.
    private func withProxy(_ body: @escaping @Sendable (LoopbackProxy, TestServer) async throws -> Void) async throws {
        let place = try await TestEngine.postgres.makeDatabase(.library)
        try await LoopbackProxy.run(to: place.target) { proxy in
            try await TestServer.run(["DATABASE_URL": place.url(through: proxy)]) { try await body(proxy, $0) }
        }
    }
}

extension TestServer {
    /// Runs the closure while somebody else holds the lock of a table, and lets no one even read it.
    fileprivate func whileLocked<T: Sendable>(
        _ table: String, _ body: @Sendable () async throws -> T
    ) async throws -> T {
        let other = try #require(try await library.place?.open())
        let result = try await other.transaction { tx in
            try await tx.execute("LOCK TABLE \(unescaped: table) IN ACCESS EXCLUSIVE MODE")
            return try await body()
        }
        try await other.close()
        return result
    }
}
