import Database
import Foundation
import TestDatabases
import Testing

private let absence = OwnServer.absence

/// Until then everything must work again after the server is back.
private let recovery = Duration.seconds(10)

@Suite(
    "Faults of a PostgreSQL server", .enabled(if: absence == nil, "\(absence ?? "")"), .timeLimit(.minutes(3)))
struct ServerFaultTests {
    @Test("killed with -9 and started again under load, it has all that was acknowledged")
    func killed() async throws {
        try await OwnServer.run { server in
            let database = try await OwnServer.open(server.url(), .init())
            try await WritingLoad.run(on: database) { load in
                try await load.waitForMore(100)
                try await server.kill()
                try await load.waitForFailure()
                try await server.start()
                try await load.waitForMore(100, within: recovery)
            }
            try await database.close()
        }
    }

    @Test("shut down and started again under load, it has all that was acknowledged")
    func shutDown() async throws {
        try await OwnServer.run { server in
            let database = try await OwnServer.open(server.url(), .init())
            try await WritingLoad.run(on: database) { load in
                try await load.waitForMore(100)
                await server.stop()
                try await load.waitForFailure()
                try await server.start()
                try await load.waitForMore(100, within: recovery)
            }
            try await database.close()
        }
    }

    @Test("when every backend is terminated again and again, writing goes on")
    func terminated() async throws {
        try await OwnServer.run { server in
            let database = try await OwnServer.open(server.url(), .init())
            let administration = try await OwnServer.open(server.url(of: "template1"), .init(maximumReaders: 1))
            try await WritingLoad.run(on: database) { load in
                for _ in 0..<5 {
                    try await load.waitForMore(20, within: recovery)
                    try await administration.terminateBackends(of: "postgres")
                }
                try await load.waitForMore(100, within: recovery)
            }
            try await administration.close()
            try await database.close()
        }
    }

    @Test("idle connections whose backends were terminated are replaced without a failure")
    func terminatedWhileIdle() async throws {
        try await OwnServer.run { server in
            let database = try await OwnServer.open(server.url(), .init())
            try await database.inParallel(8) { try await database.value("SELECT \($0)", as: Int.self) }
            let administration = try await OwnServer.open(server.url(of: "template1"), .init(maximumReaders: 1))

            try await administration.terminateBackends(of: "postgres")

            try await database.inParallel(8) { try await database.value("SELECT \($0)", as: Int.self) }
            try await database.execute("CREATE TABLE t (n INTEGER)")
            try await administration.close()
            try await database.close()
        }
    }

    @Test("a statement that takes too long is stopped on the server, and its connection goes on")
    func slowStatement() async throws {
        try await OwnServer.run { server in
            let database = try await OwnServer.open(
                server.url(), .init(maximumReaders: 1, statementTimeout: .milliseconds(200)))
            let backend = try await database.value("SELECT pg_backend_pid()", as: Int.self)
            let start = ContinuousClock.now

            let error = await databaseError { _ = try await database.value("SELECT 1 FROM pg_sleep(60)", as: Int.self) }

            #expect(error?.kind == .timedOut && error?.isRetryable == true)
            #expect(ContinuousClock.now - start < .seconds(3))
            #expect(try await database.value("SELECT pg_backend_pid()", as: Int.self) == backend)
            try await database.close()
        }
    }

    @Test("statements that take long wait on threads of their own: any number of others goes on meanwhile")
    func manySlowStatements() async throws {
        try await OwnServer.run { server in
            let database = try await OwnServer.open(server.url(), .init(maximumReaders: 16))
            let start = ContinuousClock.now
            try await database.inParallel(16) { _ in
                try await database.value("SELECT 1 FROM pg_sleep(1)", as: Int.self)
            }
            #expect(ContinuousClock.now - start < .seconds(4), "they have waited for each other")
            try await database.close()
        }
    }

    @Test("a backend that does not move at all is given up, and others take its place")
    func stoppedBackend() async throws {
        try await OwnServer.run { server in
            let database = try await OwnServer.open(
                server.url(), .init(maximumReaders: 1, statementTimeout: .milliseconds(200)))
            let backend = try #require(try await database.value("SELECT pg_backend_pid()", as: Int.self))
            _ = kill(Int32(backend), SIGSTOP)
            let start = ContinuousClock.now

            let error = await databaseError { _ = try await database.value("SELECT 1", as: Int.self) }

            #expect(error?.kind == .timedOut && error?.isRetryable == true)
            #expect(ContinuousClock.now - start < recovery)
            #expect(try await database.value("SELECT pg_backend_pid()", as: Int.self) != backend)
            _ = kill(Int32(backend), SIGCONT)
            try await database.close()
        }
    }

    @Test("a server that takes no more connections is unavailable until others leave")
    func noMoreConnections() async throws {
        let four = ["max_connections=4", "superuser_reserved_connections=0", "max_wal_senders=0"]
        try await OwnServer.run(four) { server in
            let others = try await OwnServer.open(server.url(), .init(maximumReaders: 3, maximumWriters: 1))
            try await others.whileAllRead(3) {
                let error = await databaseError { _ = try await OwnServer.open(server.url(), .init()) }
                #expect(error?.kind == .unavailable && error?.isRetryable == true)
                #expect(error?.sqlState == "53300")
            }
            try await others.close()

            try await eventually("a connection is free", within: recovery) {
                guard let database = try? await OwnServer.open(server.url(), .init()) else { return false }
                try await database.close()
                return true
            }
        }
    }

    @Test(
        "a full disk is said to be full, what was there can be read, and writing goes on when there is room",
        .enabled("a small disk can't be mounted here: that takes root") { await SmallDisk.absence() == nil })
    func fullDisk() async throws {
        try await OwnServer.run(on: .small(bytes: 64 << 20, withLog: false)) { server in
            let database = try await OwnServer.open(server.url(), .init())
            try await database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, content BYTEA NOT NULL)")
            try server.fillDisk(except: 4 << 20)

            // Such that it can't be compressed.
            let content = (0..<100_000).map { _ in UInt8.random(in: 0...255) }
            var acknowledged = 0
            let error = await databaseError {
                while acknowledged < 1_000 {
                    try await database.execute("INSERT INTO t VALUES (\(acknowledged), \(content))")
                    acknowledged += 1
                }
            }

            #expect(error?.kind == .diskFull && error?.isRetryable == true && error?.sqlState == "53100")
            #expect(try await database.value("SELECT count(*) FROM t") == acknowledged)
            try server.emptyDisk()
            try await database.execute("INSERT INTO t VALUES (-1, \(content))")
            #expect(
                try await database.value("SELECT count(*) FROM t WHERE length(content) = 100000") == acknowledged + 1)
            try await database.close()
        }
    }
}
