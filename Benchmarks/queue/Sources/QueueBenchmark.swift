import Database
import Foundation
import Logging
import Synchronization
import VidSift

/// A job that does nothing; its payload says when it was enqueued.
struct EmptyJob: JobPayload {
    static let kind = JobKind(rawValue: "empty")
    static let version = 1

    var number: Int
    /// Nanoseconds of the system's clock.
    var enqueuedAt: Int64
    var subject: String { String(number) }
}

/// The queue on one database, with a worker in this process.
struct QueueBenchmark {
    private static let mostSlots = 1_024

    let database: Database
    let logger = Logger(label: "queue-benchmark")

    init(place: String) async throws {
        var logger = Logger(label: "queue-benchmark")
        logger.logLevel = .error
        database =
            place.contains("://")
            ? try await .postgres(place, logger: logger, configuration: DatabaseConfiguration())
            : try await .sqlite(at: place + "/queue.sqlite", logger: logger, configuration: DatabaseConfiguration())
        _ = try await LibrarySchema.migrator(for: database).run(on: database)
    }

    /// Begins with an empty queue.
    func clear() async throws {
        try await database.execute("DELETE FROM jobs")
        try await database.execute("DELETE FROM job_archive")
        try await database.execute("DELETE FROM job_attempts")
    }

    /// How fast jobs are claimed and completed.
    struct Completed: Encodable {
        var jobs: Int
        var inFlight: Int
        var seconds: Double
        var jobsPerSecond: Double
    }

    func complete(jobs: Int, inFlight: Int) async throws -> Completed {
        try await clear()
        _ = try await enqueue(jobs: jobs, clients: 1, batch: 1_000)
        let done = Counter()
        let worker = worker(slots: inFlight, bell: JobBell()) { _ in _ = done.add(1) }
        let start = ContinuousClock.now
        try await worker.drain()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let archived = try await database.value("SELECT count(*) FROM job_archive", as: Int.self)
        let left = try await database.value("SELECT count(*) FROM jobs", as: Int.self)
        guard archived == jobs, left == 0, done.value == jobs else {
            throw Incomplete(archived: archived ?? 0, left: left ?? 0, done: done.value)
        }
        return Completed(jobs: jobs, inFlight: inFlight, seconds: seconds, jobsPerSecond: Double(jobs) / seconds)
    }

    /// How fast jobs are written down.
    struct Enqueued: Encodable {
        var jobs: Int
        var clients: Int
        var batch: Int
        var seconds: Double
        var jobsPerSecond: Double
    }

    func enqueue(jobs: Int, clients: Int, batch: Int) async throws -> Enqueued {
        try await clear()
        let next = Counter()
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<clients {
                group.addTask {
                    while true {
                        let first = next.add(batch)
                        guard first < jobs else { return }
                        let numbers = first..<min(first + batch, jobs)
                        let new = try numbers.map { try NewJob(EmptyJob(number: $0, enqueuedAt: 0)) }
                        if batch == 1 {
                            _ = try await new[0].enqueue(on: database)
                        } else {
                            try await database.transaction { _ = try await NewJob.enqueue(new, on: $0) }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return Enqueued(
            jobs: jobs, clients: clients, batch: batch, seconds: seconds, jobsPerSecond: Double(jobs) / seconds)
    }

    /// How long it takes from just before enqueueing to the handler.
    struct Latency: Encodable {
        var jobs: Int
        var inFlight: Int
        var rate: Int
        var p50Milliseconds: Double
        var p99Milliseconds: Double
        var longestMilliseconds: Double
        /// How far the producer was behind its rate at the end.
        var behindMilliseconds: Double
    }

    func latency(jobs: Int, inFlight: Int, rate: Int) async throws -> Latency {
        try await clear()
        let bell = JobBell()
        let started = Mutex<[Int64]>([])
        let worker = worker(slots: inFlight, bell: bell) { job in
            let now = Self.now()
            started.withLock { $0.append(now - job.enqueuedAt) }
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            group.addTask {
                // As in the product: the worker is told by the database, not by the producer.
                for await event in database.notifications(on: ["vidsift_jobs"]) {
                    if event != .disconnected { bell.announce() }
                }
            }
            defer { group.cancelAll() }
            try await Task.sleep(for: .milliseconds(300))
            let behind = try await produce(jobs, rate: rate)
            while started.withLock(\.count) < jobs { try await Task.sleep(for: .milliseconds(5)) }
            let sorted = started.withLock(\.self).sorted().map { Double($0) / 1e6 }
            return Latency(
                jobs: jobs, inFlight: inFlight, rate: rate, p50Milliseconds: sorted[sorted.count / 2],
                p99Milliseconds: sorted[sorted.count * 99 / 100], longestMilliseconds: sorted[sorted.count - 1],
                behindMilliseconds: behind / .milliseconds(1))
        }
    }

    /// Enqueues at a steady rate, whatever becomes of the jobs; each call has its own commit.
    private func produce(_ jobs: Int, rate: Int) async throws -> Duration {
        let start = ContinuousClock.now
        let pace = Duration.seconds(1) / rate
        let clients = 4
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                group.addTask {
                    for number in stride(from: client, to: jobs, by: clients) {
                        let due = start + pace * number
                        if due > .now { try await Task.sleep(until: due, clock: .continuous) }
                        _ = try await NewJob(EmptyJob(number: number, enqueuedAt: Self.now())).enqueue(on: database)
                    }
                }
            }
            try await group.waitForAll()
        }
        return ContinuousClock.now - (start + pace * jobs)
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private func worker(
        slots: Int, bell: JobBell, _ body: @escaping @Sendable (EmptyJob) -> Void
    ) -> Worker {
        let binding = JobBinding(EmptyJob.self, slots: slots) { job, _ in
            body(job)
            return .done
        }
        return Worker(database: database, bindings: [binding], bell: bell, lockPath: nil, logger: logger)
    }
}

/// Jobs were lost, or done twice.
struct Incomplete: Error {
    var archived: Int
    var left: Int
    var done: Int
}

/// Counts from several tasks.
private final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock(\.self) }

    /// Gives the value before.
    func add(_ step: Int) -> Int {
        count.withLock { count in
            defer { count += step }
            return count
        }
    }
}
