import Database
import Foundation

/// Reads rows of `pgbench_accounts` by their key, from several tasks at once: what `pgbench -S` does, through the pool.
struct PointQueries {
    /// The rows of `pgbench -i -s 10`.
    private static let accounts: Int64 = 1_000_000
    /// Until every connection is open and has prepared the statement.
    private static let warmUp = Duration.milliseconds(500)

    let url: String
    /// Tasks, and connections.
    let clients: Int
    /// Queries that share a round trip; 1 for each by itself.
    let together: Int

    struct Figures: Encodable {
        var queriesPerSecond: Double
        /// Of all threads of this process, in user and kernel mode.
        var cpuMicrosecondsPerQuery: Double
    }

    func run(for duration: Duration) async throws -> Figures {
        let database = try await Database.postgres(url, configuration: .init(maximumReaders: clients))
        _ = try await queries(on: database, for: Self.warmUp)
        let (start, cpu) = (ContinuousClock.now, processorTime())
        let count = Double(try await queries(on: database, for: duration))
        let figures = Figures(
            queriesPerSecond: count / ((ContinuousClock.now - start) / .seconds(1)),
            cpuMicrosecondsPerQuery: (processorTime() - cpu) / .microseconds(1) / count)
        try await database.close()
        return figures
    }

    private func queries(on database: Database, for duration: Duration) async throws -> Int {
        let end = ContinuousClock.now + duration
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 1...clients {
                group.addTask { try await self.queries(on: database, until: end, seed: UInt64(client)) }
            }
            return try await group.reduce(0, +)
        }
    }

    private func queries(on database: Database, until end: ContinuousClock.Instant, seed: UInt64) async throws -> Int {
        var random = SplitMix(state: seed)
        var count = 0
        while ContinuousClock.now < end {
            if together == 1 {
                try found(try await database.value(Self.query(&random), as: Int.self))
            } else {
                let balances = try await database.pipeline { pipeline in
                    (0..<together).map { _ in pipeline.value(Self.query(&random), as: Int.self) }
                }
                for balance in balances { try found(try balance.value) }
            }
            count += together
        }
        return count
    }

    private static func query(_ random: inout SplitMix) -> SQL {
        "SELECT abalance FROM pgbench_accounts WHERE aid = \(Int64.random(in: 1...accounts, using: &random))"
    }

    private func found(_ balance: Int?) throws {
        guard balance != nil else { throw MissingAccount() }
    }
}

/// The database was not made by `pgbench -i -s 10`.
private struct MissingAccount: Error {}

/// Processor time of all threads of this process, in user and kernel mode.
private func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
