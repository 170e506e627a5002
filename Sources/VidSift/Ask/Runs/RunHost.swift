package import Database
package import Logging
internal import ServiceLifecycle
internal import Synchronization

/// Makes the answers to questions, whether anybody reads them or not, and lets any number of readers follow.
///
/// It works as soon as it is there, and does nothing while there are no runs; as a service it also listens to other
/// instances, and ends its runs in time when the server stops.
package final class RunHost: Service, Sendable {
    /// Makes an answer's events up to `done`.
    package typealias Produce =
        @Sendable (_ run: Ask.Run, _ emit: @escaping Ask.Emit) async throws -> Void

    /// The most runs at a time.
    package static let usualMaximum = 1_024

    private struct Board {
        var runs: [RunID: HostedRun] = [:]
        /// Places for runs whose questions are being stored.
        var reserved = 0
        var isStopping = false
        var isBeating = false
    }

    let database: Database
    let holder: RunHolder
    let timing: RunTiming
    /// What links to our own pages begin with.
    let pageBase: String
    let logger: Logger
    let journal: RunJournal
    let news = RunNews()
    private let maximumRuns: Int
    private let produce: Produce
    private let board = Mutex(Board())
    /// Rings for the heartbeat: somebody wants something of a run.
    let wishes = WakeUp()
    /// Rings whenever a run has ended.
    private let ended = WakeUp()

    var patience: Patience { Patience(limit: timing.patience) }

    /// - Parameters:
    ///   - holder: this process, as others see it.
    ///   - pageBase: what links to our own pages begin with.
    package init(
        database: Database, holder: RunHolder, timing: RunTiming = RunTiming(), maximumRuns: Int = usualMaximum,
        pageBase: String = "", logger: Logger, produce: @escaping Produce
    ) {
        self.database = database
        self.holder = holder
        self.timing = timing
        self.maximumRuns = maximumRuns
        self.pageBase = pageBase
        self.logger = logger
        self.produce = produce
        journal = RunJournal(
            database: database, holder: holder, patience: Patience(limit: timing.patience), logger: logger)
    }

    // MARK: - Beginning

    /// Stores a question and begins its run, if there is room for one more.
    ///
    /// - Parameter begin: stores the question.
    /// - Throws: `RunError`, with nothing stored; what `begin` throws.
    package func start(beginning begin: () async throws -> Ask.Run) async throws -> Ask.Run {
        try board.withLock { board in
            if board.isStopping { throw RunError.stopping }
            guard board.runs.count + board.reserved < maximumRuns else {
                throw RunError.tooManyRuns(maximum: maximumRuns)
            }
            board.reserved += 1
        }
        do {
            let run = try await begin()
            launch(run)
            return run
        } catch {
            board.withLock { $0.reserved -= 1 }
            throw error
        }
    }

    /// Begins a run whose question is stored.
    ///
    /// - Throws: `RunError` where there is no room; others find the run when its lease is over.
    package func start(_ run: Ask.Run) async throws {
        _ = try await start { run }
    }

    private func launch(_ run: Ask.Run) {
        let hosted = HostedRun(run)
        journal.open(hosted)
        let (isStopping, begins) = board.withLock { board in
            board.reserved -= 1
            board.runs[run.id] = hosted
            let begins = !board.isBeating
            board.isBeating = true
            return (board.isStopping, begins)
        }
        if isStopping { hosted.stop(.shutdown) }
        // Both end by themselves, and `close` waits until no run is left: a run is nobody's child, since it outlives
        // the request that began it.
        Task { await perform(run, hosted) }
        if begins { Task { await beatWhileThereAreRuns() } }
    }

    private func perform(_ run: Ask.Run, _ hosted: HostedRun) async {
        // Waited for at once. It is a task of its own so that it can be cancelled, and its end be stored nevertheless.
        let production = Task { [produce, journal] in
            try await produce(run) { event in
                try Task.checkCancellation()
                if hosted.note(event) { try await journal.append(event, to: hosted.id) }
            }
        }
        hosted.begin(production)
        let result = await production.result
        await settle(hosted, result)
        board.withLock { $0.runs[hosted.id] = nil }
        ended.signal()
    }

    // MARK: - Runs of this process

    var hostedRuns: [HostedRun] { board.withLock { Array($0.runs.values) } }

    func hosted(_ id: RunID) -> HostedRun? { board.withLock { $0.runs[id] } }

    /// Whether runs are left; where none are, the heartbeat ends.
    func goesOnBeating() -> Bool {
        board.withLock { board in
            board.isBeating = !board.runs.isEmpty
            return board.isBeating
        }
    }

    // MARK: - Ending

    /// Listens to other instances until the server stops; then running answers have some time left.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.listen() }
        await close(within: Task.isCancelled ? .zero : timing.shutdown)
    }

    /// Takes no more runs, and ends those that are left after a while: as failed, to be asked again.
    package func close(within time: Duration = .zero) async {
        board.withLock { $0.isStopping = true }
        // Not cancelled with whoever closes: the ends are to be stored.
        let closing = Task {
            await waitForEnd(within: time)
            for run in hostedRuns { run.stop(.shutdown) }
            await waitForEnd(within: timing.patience * 2)
        }
        await closing.value
    }

    /// Returns when a run has ended, or a little later.
    func waitForAnEnd() async { await ended.wait(atMost: timing.heartbeat) }

    private func waitForEnd(within time: Duration) async {
        let end = ContinuousClock.now + time
        while board.withLock({ !$0.runs.isEmpty || $0.reserved > 0 }), .now < end {
            await ended.wait(atMost: end - .now)
        }
    }
}
