internal import Dispatch
internal import Foundation
internal import Synchronization

#if os(Linux)
    internal import Glibc
#endif

/// Threads for computations of milliseconds, which would hold up all that waits for a thread of the cooperative pool.
///
/// What is enqueued begins in that order. The threads start with the first of it and end when nobody holds this any more.
package final class ComputingThreads: Sendable {
    private let work = WorkQueue()
    private let isStarted = Mutex(false)
    private let name: String
    private let count: Int

    private static let stackSize = 8 << 20
    #if os(Linux)
        /// How much they make way where the processors are all busy: what was begun, like an answer that is being sent,
        /// goes on smoothly, and what is new waits a little longer.
        private static let niceness: CInt = 5
    #endif

    /// - Parameter name: what debuggers show.
    package init(name: String, count: Int) {
        self.name = name
        self.count = max(1, count)
    }

    deinit {
        for _ in 0..<count { work.append(.end) }
    }

    func run(_ body: @escaping @Sendable () -> Void) {
        isStarted.withLock { isStarted in
            guard !isStarted else { return }
            isStarted = true
            for _ in 0..<count { start() }
        }
        work.append(.run(body))
    }

    private func start() {
        // A thread holds the queue, not this: it lives until it sees `.end`.
        let thread = Thread { [work] in
            #if os(Linux)
                // Of this thread alone. Where it is refused all are equal, as without it.
                setpriority(CInt(PRIO_PROCESS.rawValue), 0, Self.niceness)
            #endif
            work.runUntilEnd()
        }
        thread.name = name
        thread.stackSize = Self.stackSize
        thread.start()
    }
}

extension ComputingThreads {
    /// What a closure computes on one of the threads. (As the executor of a whole task they would run the actors that the
    /// task calls as well, and whoever else wants those would wait for a computation.)
    package func compute<Made: Sendable>(_ work: @escaping @Sendable () -> Made) async -> Made {
        await withCheckedContinuation { continuation in
            run { continuation.resume(returning: work()) }
        }
    }
}

/// A first-in first-out queue on which threads wait.
private final class WorkQueue: Sendable {
    enum Step: Sendable {
        case run(@Sendable () -> Void)
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
            case .run(let body): body()
            case .end: return
            }
        }
    }
}
