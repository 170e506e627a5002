/// Runs an actor's jobs one after the other on one thread of its own.
///
/// (A dispatch queue would do the same work on changing threads; OpenVINO keeps buffers for each thread it has seen.)
final class ThreadExecutor: SerialExecutor {
    private let thread: ComputingThreads

    init(name: String) {
        thread = ComputingThreads(name: name, count: 1)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        thread.run { job.runSynchronously(on: executor) }
    }
}
