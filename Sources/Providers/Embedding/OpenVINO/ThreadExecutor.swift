#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif
internal import Dispatch
internal import Synchronization

/// Runs an actor's jobs one after the other on one thread of its own, so that a computation of tens of milliseconds
/// never holds a thread of the cooperative pool.
///
/// The thread starts with the first job and ends when the executor is let go. (A dispatch queue would do the same work on
/// changing threads; OpenVINO keeps buffers for each thread it has seen.)
final class ThreadExecutor: SerialExecutor {
    private let jobs = JobQueue()
    private let isStarted = Mutex(false)
    private let stackSize = 8 << 20

    func enqueue(_ job: consuming ExecutorJob) {
        startIfNeeded()
        jobs.append(.run(UnownedJob(job), asUnownedSerialExecutor()))
    }

    deinit {
        jobs.append(.end)
    }

    private func startIfNeeded() {
        isStarted.withLock { started in
            guard !started else { return }
            started = true
            start()
        }
    }

    private func start() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        // The thread owns the queue, not the executor: it can outlive the executor for the moment it takes to see `.end`.
        let queue = Unmanaged.passRetained(jobs).toOpaque()
        let result = pthread_create(&thread, &attributes, threadBody, queue)
        precondition(result == 0, "no thread for the embedding model: error \(result)")
    }
}

#if canImport(Darwin)
    private func threadBody(_ queue: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<JobQueue>.fromOpaque(queue).takeRetainedValue().runUntilEnd()
        return nil
    }
#else
    private func threadBody(_ queue: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let queue { Unmanaged<JobQueue>.fromOpaque(queue).takeRetainedValue().runUntilEnd() }
        return nil
    }
#endif

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
