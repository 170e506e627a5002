internal import Dispatch
internal import Foundation
internal import Synchronization

/// The thread of one connection, as the executor of the connection's actor: libpq's waiting never holds a thread of
/// the cooperative pool.
///
/// It starts with the first job and ends after the last one when the executor is let go.
final class ConnectionThread: SerialExecutor {
    private let jobs = JobQueue()
    private let isStarted = Mutex(false)

    /// The name under which debuggers show the thread.
    static let name = "postgres"

    func enqueue(_ job: consuming ExecutorJob) {
        startIfNeeded()
        jobs.append(.run(UnownedJob(job), asUnownedSerialExecutor()))
    }

    deinit {
        jobs.append(.end)
    }

    private func startIfNeeded() {
        isStarted.withLock { isStarted in
            guard !isStarted else { return }
            isStarted = true
            // The thread holds the queue, not the executor: it sees the end of the executor as a job.
            let thread = Thread { [jobs] in
                // On Linux a thread takes its name once `start` has returned, and the first job comes after that.
                jobs.waitForFirst()
                Thread.current.name = Self.name
                jobs.runUntilEnd()
            }
            thread.stackSize = PostgresLimits.threadStack
            thread.start()
        }
    }
}

/// A queue on which one thread waits. It is short: a connection is lent to one caller at a time.
private final class JobQueue: Sendable {
    enum Step: Sendable {
        case run(UnownedJob, UnownedSerialExecutor)
        case end
    }

    private let steps = Mutex<[Step]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func append(_ step: Step) {
        steps.withLock { $0.append(step) }
        arrived.signal()
    }

    func waitForFirst() {
        arrived.wait()
        arrived.signal()
    }

    func runUntilEnd() {
        while true {
            arrived.wait()
            switch steps.withLock({ $0.removeFirst() }) {
            case .run(let job, let executor): job.runSynchronously(on: executor)
            case .end: return
            }
        }
    }
}
