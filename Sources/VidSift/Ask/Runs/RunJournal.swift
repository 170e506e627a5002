internal import Database
internal import Logging
internal import Synchronization

/// Stores the events of all runs of this process before anybody is shown them.
///
/// What all runs have is written by one transaction; while that is under way the next one gathers, and text that waits
/// is joined to fewer and larger events. So a single run is written at once, and many share the disk.
final class RunJournal: Sendable {
    /// A run whose unwritten events are larger than this waits for its turn.
    static let roomInBytes = 4 << 10
    /// How long is gathered between two transactions for each run that took part in the last one.
    private static let gatheringPerRun = Duration.microseconds(120)
    /// The longest that is gathered.
    private static let longestGathering = Duration.milliseconds(60)
    /// Less than this is not worth a pause.
    private static let shortestGathering = Duration.milliseconds(1)

    private struct State {
        var queues: [RunID: JournalQueue] = [:]
        /// The runs that have something to be written.
        var line: [RunID] = []
        var isWriting = false
    }

    private let database: Database
    private let holder: RunHolder
    private let patience: Patience
    private let logger: Logger
    private let state = Mutex(State())
    /// Rings where events are gathered: one is there that must not wait.
    private let hurry = WakeUp()

    init(database: Database, holder: RunHolder, patience: Patience, logger: Logger) {
        self.database = database
        self.holder = holder
        self.patience = patience
        self.logger = logger
    }

    // MARK: - What runs do

    func open(_ run: HostedRun) {
        state.withLock { $0.queues[run.id] = JournalQueue(run: run) }
    }

    /// Takes an event. Returns before it is stored, unless too much of the run waits already.
    ///
    /// - Throws: why the run's events can't be stored any more.
    func append(_ event: AnswerEvent, to run: RunID) async throws {
        let (isFull, begins, isFirst) = try state.withLock { state in
            guard state.queues[run] != nil else { throw RunLost() }
            if let failure = state.queues[run]?.failure { throw failure }
            let wasEmpty = state.queues[run]?.isEmpty ?? true
            state.queues[run]?.add(event)
            if wasEmpty { state.line.append(run) }
            let begins = !state.isWriting
            state.isWriting = true
            return (
                state.queues[run]?.isFull ?? false, begins, wasEmpty && state.queues[run]?.isNew == true
            )
        }
        if begins {
            // It ends by itself when nothing is left to be written, and whoever closes a run waits for it. Begun right here
            // where that can be done, it saves a word the way to another thread.
            if #available(macOS 26, *) {
                Task.immediate { await writeAll() }
            } else {
                Task { await writeAll() }
            }
        } else if isFirst {
            hurry.signal()
        }
        if isFull { try await waitForRoom(run) }
    }

    /// Waits until all events of a run are written, and forgets it.
    ///
    /// - Returns: the number of the event that comes next.
    func close(_ run: RunID) async -> Int {
        await wait(run) { $0.isWaitedFor }
        return state.withLock { state in
            state.line.removeAll { $0 == run }
            return state.queues.removeValue(forKey: run)?.firstUnwritten ?? 1
        }
    }

    private func waitForRoom(_ run: RunID) async throws {
        await wait(run) { $0.isFull && $0.failure == nil }
        if let failure = state.withLock({ $0.queues[run]?.failure }) { throw failure }
    }

    /// Waits while it is so; it ends by itself, for a transaction's time is limited.
    private func wait(_ run: RunID, while isSo: @escaping @Sendable (JournalQueue) -> Bool) async {
        while state.withLock({ $0.queues[run].map(isSo) ?? false }) {
            await withCheckedContinuation { waiter in
                let returnsAtOnce = state.withLock { state -> Bool in
                    guard let queue = state.queues[run], isSo(queue) else { return true }
                    state.queues[run]?.waiters.append(waiter)
                    return false
                }
                if returnsAtOnce { waiter.resume() }
            }
        }
    }

    // MARK: - Writing

    private func writeAll() async {
        while true {
            let batch = takeBatch()
            if batch.isEmpty { return }
            for (portion, outcome) in zip(batch, await write(batch)) { settle(portion, outcome) }
            await gather(after: batch.count)
        }
    }

    private func gather(after runs: Int) async {
        let time = min(Self.gatheringPerRun * runs, Self.longestGathering)
        if time >= Self.shortestGathering { await hurry.wait(atMost: time) }
    }

    private func takeBatch() -> [JournalPortion] {
        let (batch, waiters) = state.withLock { state in
            var (batch, waiters): ([JournalPortion], [CheckedContinuation<Void, Never>]) = ([], [])
            for run in state.line {
                guard let portion = state.queues[run]?.take() else { continue }
                batch.append(portion)
                waiters += state.queues[run]?.takeWaiters() ?? []
            }
            state.line.removeAll(keepingCapacity: true)
            if batch.isEmpty { state.isWriting = false }
            return (batch, waiters)
        }
        for waiter in waiters { waiter.resume() }
        return batch
    }

    private func settle(_ portion: JournalPortion, _ outcome: JournalOutcome) {
        switch outcome {
        case .stored: portion.run.feed.show(portion.events)
        case .lost: portion.run.stop(.lost)
        case .failed(let error): portion.run.stop(.unstored(error))
        }
        let waiters = state.withLock { state in
            state.queues[portion.run.id]?.settle(portion, outcome)
            return state.queues[portion.run.id]?.takeWaiters() ?? []
        }
        for waiter in waiters { waiter.resume() }
    }

    // MARK: - In the database

    private func write(_ batch: [JournalPortion]) async -> [JournalOutcome] {
        do {
            return try await patience { try await self.writeTogether(batch) }
        } catch let error as DatabaseError where !error.isRetryable && batch.count > 1 {
            // One of them has something that can't be stored: the others need not suffer.
            var outcomes: [JournalOutcome] = []
            for portion in batch { outcomes += await write([portion]) }
            return outcomes
        } catch let error as DatabaseError where error.kind == .foreignKeyViolation {
            // Its session is being deleted.
            return batch.map { _ in .lost }
        } catch {
            logger.error(
                "events of runs could not be stored",
                metadata: ["runs": "\(batch.count)", "error": "\(String(reflecting: error))"])
            return batch.map { _ in .failed(error) }
        }
    }

    private func writeTogether(_ batch: [JournalPortion]) async throws -> [JournalOutcome] {
        // A reader waits for each commit, so it does not wait for the disk. The end of a run does.
        let results = try await database.pipeline(
            surviving: .processEnd, undoesUndecodable: false, isKnownToWrite: true
        ) { [holder] pipeline in
            if database.kind == .postgres {
                for portion in batch where portion.run.isReadElsewhere {
                    pipeline.execute(RunNotice.sending(portion.run.id, on: RunNotice.events))
                }
            }
            return batch.map { $0.insertions(by: holder).map { pipeline.execute($0) } }
        }
        let isComplete = try results.map { try $0.allSatisfy { try $0.value > 0 } }
        let suspects = zip(batch, isComplete).filter { !$1 }.map(\.0.run.id)
        guard !suspects.isEmpty else { return batch.map { _ in .stored } }
        // The run is not ours any more; or an earlier attempt was written though nobody was told; or the database has
        // lost events.
        let last = try await RunRecord.lastEvents(among: suspects, by: holder, on: database)
        return zip(batch, isComplete).map { portion, isComplete in
            if isComplete { return .stored }
            guard let last = last[portion.run.id] else { return .lost }
            return last >= portion.last ? .stored : .failed(EventsLost())
        }
    }
}

/// The database doesn't have what it had said that it has stored.
struct EventsLost: Error, CustomStringConvertible {
    let description = "events of a run that were stored are not in the database any more"
}
