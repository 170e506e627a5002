import Foundation
import TestDatabases
import Testing

@testable import Database

@Suite("Waiting for a connection")
struct WaitingTests {
    @Test("writers are served in the order in which they came", arguments: TestEngine.allCases)
    func fairness(engine: TestEngine) async throws {
        try await withNumbers(engine, .oneWriter()) { database async throws in
            try await whileBusy(database) { letGo async throws in
                var tasks: [Task<Void, any Error>] = []
                for n in 1...20 {
                    tasks.append(
                        Task {
                            _ = try await database.transaction {
                                try await $0.execute("INSERT INTO t SELECT coalesce(max(n), 0) + 100 + \(n) FROM t")
                            }
                        })
                    while database.writers.waiting < n { await Task.yield() }
                }
                letGo()
                for task in tasks { try await task.value }
            }
            let numbers = try await database.values("SELECT n FROM t ORDER BY n", as: Int.self)
            let steps = zip(numbers.dropFirst(), numbers).map { $0 - $1 - 100 }
            #expect(numbers.first == 101)
            #expect(steps == Array(2...20))
        }
    }

    @Test(
        "those who are cancelled while they wait leave the line, and the others are served",
        arguments: TestEngine.allCases)
    func cancelledWaiters(engine: TestEngine) async throws {
        try await withNumbers(engine, .oneWriter()) { database async throws in
            try await whileBusy(database) { letGo async throws in
                let tasks = (1...30).map { n in Task { try await database.execute("INSERT INTO t VALUES (\(n))") } }
                while database.writers.waiting < 30 { await Task.yield() }
                for (index, task) in tasks.enumerated() where index % 3 != 0 { task.cancel() }
                while database.writers.waiting > 10 { await Task.yield() }
                letGo()
                for (index, task) in tasks.enumerated() {
                    if index % 3 == 0 {
                        #expect(try await task.value == 1)
                    } else {
                        await #expect(throws: CancellationError.self) { try await task.value }
                    }
                }
            }
            #expect(try await database.value("SELECT count(*) FROM t") == 10)
        }
    }

    @Test("the line is bounded: one more is told so at once", arguments: TestEngine.allCases)
    func boundedLine(engine: TestEngine) async throws {
        try await withNumbers(engine, .oneWriter(maximumWaiters: 2)) { database async throws in
            try await whileBusy(database) { letGo async throws in
                let tasks = (1...2).map { n in Task { try await database.execute("INSERT INTO t VALUES (\(n))") } }
                while database.writers.waiting < 2 { await Task.yield() }
                let error = await databaseError { try await database.execute("INSERT INTO t VALUES (3)") }
                #expect(error?.kind == .busy)
                #expect(error?.isRetryable == true)
                #expect(error?.description.contains("2 callers wait") == true)
                letGo()
                for task in tasks { #expect(try await task.value == 1) }
            }
        }
    }

    @Test("waiting ends after the time-out with a clear error", arguments: TestEngine.allCases)
    func timeout(engine: TestEngine) async throws {
        try await withNumbers(engine, .oneWriter(waitTimeout: .milliseconds(20))) { database async throws in
            try await whileBusy(database) { letGo async throws in
                let tasks = (1...3).map { n in Task { try await database.execute("INSERT INTO t VALUES (\(n))") } }
                for task in tasks {
                    let error = await databaseError { _ = try await task.value }
                    #expect(error?.kind == .busy)
                    #expect(error?.description.contains("no writing connection was free") == true)
                }
                #expect(database.writers.waiting == 0)
                letGo()
            }
            try await database.execute("INSERT INTO t VALUES (9)")
        }
    }

    @Test(
        "a long read stops when its task is cancelled, and the connection is good for the next",
        arguments: TestEngine.allCases)
    func cancelledRead(engine: TestEngine) async throws {
        let configuration = DatabaseConfiguration(durability: .processEnd, maximumReaders: 1)
        try await withNumbers(engine, configuration) { database async throws in
            let (rows, row) = AsyncStream.makeStream(of: Void.self)
            let endless: SQL = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c"
            let task = Task { try await database.fetch(endless, limit: nil) { _ in row.yield() } }
            for await _ in rows { break }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await database.value("SELECT 5") == 5)
        }
    }

    @Test("a cancelled task does not even begin", arguments: TestEngine.allCases)
    func cancelledBefore(engine: TestEngine) async throws {
        try await withNumbers(engine, .oneWriter()) { database async throws in
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                try await database.execute("INSERT INTO t VALUES (1)")
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test("closing waits for what runs, refuses the rest, and twice does no harm", arguments: TestEngine.allCases)
    func closing(engine: TestEngine) async throws {
        try await withNumbers(engine, .oneWriter()) { database async throws in
            try await whileBusy(database) { letGo async throws in
                let waiting = Task { try await database.execute("INSERT INTO t VALUES (1)") }
                while database.writers.waiting < 1 { await Task.yield() }
                let closing = Task { try await database.close() }
                #expect(await databaseError { _ = try await waiting.value }?.kind == .closed)
                letGo()
                try await closing.value
            }
            #expect(await databaseError { _ = try await database.value("SELECT 1", as: Int.self) }?.kind == .closed)
        }
    }

    @Test("a line keeps its order while people leave it")
    func lineOrder() {
        var line = WaitingLine<Int>()
        let tickets = (0..<3_000).map { _ in line.newTicket() }
        for (number, ticket) in tickets.enumerated() { line.append(number, ticket: ticket, deadline: .now) }
        for (number, ticket) in tickets.enumerated() where number % 2 == 0 { #expect(line.remove(ticket) == number) }
        #expect(line.count == 1_500)
        #expect(line.remove(tickets[0]) == nil)
        let first = (0..<700).compactMap { _ in line.popFirst() }
        #expect(first + line.removeAll() == Array(stride(from: 1, to: 3_000, by: 2)))
        #expect(line.popFirst() == nil)
        #expect(line.firstDeadline == nil)
    }
}

/// Runs the closure while a transaction holds the only writing connection; it is let go by the closure's argument.
private func whileBusy(_ database: Database, _ body: (@escaping () -> Void) async throws -> Void) async throws {
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let (ending, end) = AsyncStream.makeStream(of: Void.self)
    let holder = Task {
        try await database.transaction { _ in
            begin.yield()
            for await _ in ending { break }
        }
    }
    for await _ in begun { break }
    defer { end.yield() }
    try await body { end.yield() }
    try await holder.value
}

extension DatabaseConfiguration {
    /// One connection that writes, whatever the engine.
    fileprivate static func oneWriter(
        maximumWaiters: Int = 4_096, waitTimeout: Duration = .seconds(600)
    ) -> DatabaseConfiguration {
        DatabaseConfiguration(
            durability: .processEnd, maximumWriters: 1, maximumWaiters: maximumWaiters, waitTimeout: waitTimeout)
    }
}
