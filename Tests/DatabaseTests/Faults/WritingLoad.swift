import Database
import Synchronization
import TestDatabases
import Testing

/// Clients that write without a pause, and remember what was acknowledged and what failed.
final class WritingLoad: Sendable {
    private let state = Mutex(State())

    private struct State {
        var next = 0
        var acknowledged: [Int] = []
        var failures: [any Error] = []
        var isOver = false
    }

    private static let clients = 4
    /// How long a client waits after a failure.
    private static let pause = Duration.milliseconds(5)

    /// Runs the closure while clients write, and checks afterwards that nothing acknowledged is lost and that every
    /// failure has said that the same work can succeed later.
    static func run(on database: Database, _ body: (WritingLoad) async throws -> Void) async throws {
        try await database.execute("CREATE TABLE written (n INTEGER, half INTEGER, PRIMARY KEY (n, half))")
        let load = WritingLoad()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<clients { group.addTask { try await load.write(to: database) } }
            defer { load.state.withLock { $0.isOver = true } }
            try await body(load)
        }
        try await load.check(database)
    }

    var acknowledged: Int { state.withLock { $0.acknowledged.count } }
    var failures: Int { state.withLock { $0.failures.count } }

    /// Waits until so many more writes were acknowledged.
    func waitForMore(_ count: Int, within limit: Duration = .seconds(60)) async throws {
        let target = acknowledged + count
        try await eventually("\(count) more writes", within: limit) { acknowledged >= target }
    }

    /// Waits until a write has failed that began after this call.
    func waitForFailure() async throws {
        let target = failures + Self.clients
        try await eventually("failures") { failures >= target }
    }

    private func write(to database: Database) async throws {
        while !state.withLock({ $0.isOver }) {
            let n = state.withLock { state in
                state.next += 1
                return state.next
            }
            do {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO written VALUES (\(n), 1)")
                    try await tx.execute("INSERT INTO written VALUES (\(n), 2)")
                }
                state.withLock { $0.acknowledged.append(n) }
            } catch {
                state.withLock { $0.failures.append(error) }
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    private func check(_ database: Database) async throws {
        let (acknowledged, failures) = state.withLock { (Set($0.acknowledged), $0.failures) }
        let written = try await database.values("SELECT n FROM written", as: Int.self)
        #expect(acknowledged.subtracting(written).isEmpty, "acknowledged and lost")
        #expect(written.count == Set(written).count * 2, "half of a transaction is there")
        for failure in failures {
            let error = try #require(failure as? DatabaseError)
            #expect(error.isRetryable, "\(error.debugDescription)")
        }
    }
}
