import TestDatabases
import Testing

@testable import Database

@Suite(
    "Notifications of PostgreSQL", .enabled(if: PostgresServer.isThere, PostgresServer.missing),
    .timeLimit(.minutes(2)))
struct PostgresNotificationTests {
    @Test("what others notify comes in order, and goes on after the connection was lost")
    func order() async throws {
        try await PostgresServer.withClients { database, other async throws in
            var notices = database.notifications(on: ["news", "Other \"channel\""]).makeAsyncIterator()
            #expect(await notices.next() == .connected)
            for n in 1...100 { try await other.execute("SELECT pg_notify('news', \("number \(n)"))") }
            for n in 1...100 {
                #expect(await notices.next() == .notified(channel: "news", payload: "number \(n)"))
            }
            try await other.execute("NOTIFY \"Other \"\"channel\"\"\"")
            #expect(await notices.next() == .notified(channel: "Other \"channel\"", payload: ""))

            #expect(try await endListeners(other) == 1)
            #expect(await notices.next() == .disconnected)
            #expect(await notices.next() == .connected)
            try await other.execute("NOTIFY silence, 'nobody listens'")
            try await other.execute("NOTIFY news, 'again'")
            #expect(await notices.next() == .notified(channel: "news", payload: "again"))
        }
    }

    @Test("what is notified in a transaction comes with its commit, and not at all without")
    func transactions() async throws {
        try await PostgresServer.withClients { database, other async throws in
            var notices = database.notifications(on: ["news"]).makeAsyncIterator()
            #expect(await notices.next() == .connected)
            await #expect(throws: Stop.self) {
                try await other.transaction { tx in
                    try await tx.execute("NOTIFY news, 'undone'")
                    throw Stop()
                }
            }
            try await other.transaction { _ = try await $0.execute("NOTIFY news, 'done'") }
            #expect(await notices.next() == .notified(channel: "news", payload: "done"))
        }
    }

    @Test("too many for a slow reader: the newest are kept, and it is told to look at everything")
    func slowReader() async throws {
        try await PostgresServer.withClients { database, other async throws in
            var notices = database.notifications(on: ["news"]).makeAsyncIterator()
            #expect(await notices.next() == .connected)
            let count = 5_000
            try await other.execute(
                "SELECT count(pg_notify('news', n::text)) FROM generate_series(1, \(count)) AS n")
            var last = DatabaseNotice.connected
            var seen = 0
            var interruptions = 0
            while last != .notified(channel: "news", payload: "\(count)") {
                let next = try #require(await notices.next())
                switch next {
                case .notified: seen += 1
                case .disconnected: interruptions += 1
                case .connected: #expect(last == .disconnected)
                }
                last = next
            }
            #expect(seen == count || interruptions > 0)
        }
    }

    @Test("the task's end is the end", arguments: [Pooler.none, .transaction])
    func end(pooler: Pooler) async throws {
        try await PostgresServer.withClients(.single(pooler: pooler)) { database, other async throws in
            let connected = Gate()
            let task = Task {
                var seen: [DatabaseNotice] = []
                for await notice in database.notifications(on: ["news"]) {
                    seen.append(notice)
                    connected.open()
                }
                return seen
            }
            if pooler == .none { await connected.wait() }
            task.cancel()
            #expect(await task.value == (pooler == .none ? [.connected] : []))
            try await eventually("nobody listens any more") { try await listeners(other) == 0 }
        }
    }

    private static let listening: SQL = """
        pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'
        """

    private func endListeners(_ other: Database) async throws -> Int {
        try await other.value("SELECT count(pg_terminate_backend(pid)) FROM \(Self.listening)") ?? 0
    }

    private func listeners(_ other: Database) async throws -> Int {
        try await other.value("SELECT count(*) FROM \(Self.listening)") ?? 0
    }
}
