internal import Dispatch
internal import Foundation
internal import Synchronization

#if os(Linux)
    internal import Glibc
#endif

/// Runs an actor's jobs one after the other on one thread of its own, so that a computation of tens of milliseconds
/// never holds a thread of the cooperative pool.
///
/// The thread starts with the first job and ends when the executor is let go. (A dispatch queue would do the same work on
/// changing threads; OpenVINO keeps buffers for each thread it has seen.)
final class ThreadExecutor: SerialExecutor {
    private let jobs = JobQueue()
    private let isStarted = Mutex(false)

    private static let stackSize = 8 << 20
    /// The name under which debuggers show the thread.
    static let threadName = "embedding"
    #if os(Linux)
        /// How much it makes way where the processors are all busy: what was begun, like an answer that is being sent,
        /// goes on smoothly, and what is new waits a little longer.
        private static let niceness: CInt = 5
    #endif

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
            // The thread holds the queue, not the executor: it outlives the executor until it sees `.end`.
            let thread = Thread { [jobs] in
                #if os(Linux)
                    // Of this thread alone. Where it is refused all are equal, as without it.
                    setpriority(CInt(PRIO_PROCESS.rawValue), 0, Self.niceness)
                #endif
                jobs.runUntilEnd()
            }
            thread.name = Self.threadName
            thread.stackSize = Self.stackSize
            thread.start()
        }
    }
}

/// A first-in first-out queue on which one thread waits.
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
