import Database
import Foundation
import Synchronization
import VidSift

/// A worker under steady load for a long time. Several processes may run it on one database.
struct Soak {
    let benchmark: QueueBenchmark
    let inFlight: Int
    /// Jobs take up to so many milliseconds.
    let longestWork: Int

    init(_ benchmark: QueueBenchmark, inFlight: Int, longestWork: Int) {
        self.benchmark = benchmark
        self.inFlight = inFlight
        self.longestWork = longestWork
    }

    struct Figures: Encodable {
        var enqueued: Int
        var handled: Int
        /// Attempts that were taken from a worker as if it were dead: of all processes.
        var lost: Int
        /// Attempts of this process that were stopped.
        var stopped: Int
        var left: Int
        var mostDeadRows: Int
        var largestTableBytes: Int
        var deadRowsMoved: Int
    }

    /// How large the table grew.
    private final class Sizes: Sendable {
        private let seen = Mutex((dead: 0, bytes: 0, moved: 0))

        var all: (dead: Int, bytes: Int, moved: Int) { seen.withLock(\.self) }

        func add(dead: Int, bytes: Int, moved: Int) {
            seen.withLock { $0 = (max($0.dead, dead), max($0.bytes, bytes), $0.moved + moved) }
        }
    }

    /// Counts from several tasks.
    private final class Tally: Sendable {
        private let counted = Mutex(0)

        var count: Int { counted.withLock(\.self) }

        func add() {
            counted.withLock { $0 += 1 }
        }
    }

    func run(rate: Int, for time: Duration) async throws -> Figures {
        let database = benchmark.database
        let bell = JobBell()
        let handled = Tally()
        let stopped = Tally()
        let longest = longestWork
        let binding = JobBinding(EmptyJob.self, slots: inFlight) { _, _ in
            do {
                if longest > 1 { try await Task.sleep(for: .milliseconds(Int.random(in: 0...longest))) }
                handled.add()
                return .done
            } catch {
                stopped.add()
                throw error
            }
        }
        let worker = Worker(
            database: database, bindings: [binding], bell: bell, lockPath: nil, logger: benchmark.logger)
        let sizes = Sizes()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            group.addTask {
                for await event in database.notifications(on: ["vidsift_jobs"]) where event != .disconnected {
                    bell.announce()
                }
            }
            group.addTask { try await sweep(sizes) }
            defer { group.cancelAll() }
            let enqueued = try await produce(rate: rate, for: time)
            let end = ContinuousClock.now + .seconds(120)
            while handled.count < enqueued, try await left() > 0, .now < end {
                try await Task.sleep(for: .milliseconds(100))
            }
            let lost = try await database.value(
                "SELECT count(*) FROM job_attempts WHERE outcome = 'lost'", as: Int.self)
            let seen = sizes.all
            return Figures(
                enqueued: enqueued, handled: handled.count, lost: lost ?? 0,
                stopped: stopped.count, left: try await left(), mostDeadRows: seen.dead,
                largestTableBytes: seen.bytes, deadRowsMoved: seen.moved)
        }
    }

    private func left() async throws -> Int {
        try await benchmark.database.value("SELECT count(*) FROM jobs", as: Int.self) ?? 0
    }

    private func produce(rate: Int, for time: Duration) async throws -> Int {
        let start = ContinuousClock.now
        let pace = Duration.seconds(1) / rate
        let own = Int.random(in: 1..<1_000_000) * 1_000_000
        var number = 0
        while ContinuousClock.now < start + time {
            let due = start + pace * number
            if due > .now { try await Task.sleep(until: due, clock: .continuous) }
            do {
                _ = try await NewJob(EmptyJob(number: own + number, enqueuedAt: 0)).enqueue(on: benchmark.database)
                number += 1
            } catch let error as DatabaseError where error.isRetryable {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        return number
    }

    /// What the clock does in the product every ten seconds, and what it finds.
    private func sweep(_ sizes: Sizes) async throws {
        while true {
            try await Task.sleep(for: .seconds(10))
            guard benchmark.database.kind == .postgres else { continue }
            do {
                let dead =
                    try await benchmark.database.value(
                        "SELECT n_dead_tup FROM pg_stat_all_tables WHERE relid = 'jobs'::regclass", as: Int.self) ?? 0
                let bytes =
                    try await benchmark.database.value(
                        "SELECT pg_total_relation_size('jobs')", as: Int.self) ?? 0
                let moved = try await JobCompaction.run(on: benchmark.database)
                sizes.add(dead: dead, bytes: bytes, moved: moved)
                FileHandle.standardError.write(Data("dead \(dead), bytes \(bytes), moved \(moved)\n".utf8))
            } catch let error as DatabaseError where error.isRetryable {
                continue
            }
        }
    }
}
