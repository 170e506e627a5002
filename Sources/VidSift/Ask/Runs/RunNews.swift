internal import Synchronization

/// Wakes those who read runs of other instances.
final class RunNews: Sendable {
    private let bells = Mutex<[RunID: [ObjectIdentifier: WakeUp]]>([:])

    /// The bell of one reader, for as long as it is held.
    final class Bell: Sendable {
        private let wakeUp = WakeUp()
        private let run: RunID
        private let news: RunNews

        fileprivate init(_ run: RunID, _ news: RunNews) {
            self.run = run
            self.news = news
            news.bells.withLock { $0[run, default: [:]][ObjectIdentifier(wakeUp)] = wakeUp }
        }

        deinit {
            news.bells.withLock { bells in
                bells[run]?[ObjectIdentifier(wakeUp)] = nil
                if bells[run]?.isEmpty == true { bells[run] = nil }
            }
        }

        func wait(atMost time: Duration) async { await wakeUp.wait(atMost: time) }
    }

    func bell(of run: RunID) -> Bell { Bell(run, self) }

    /// There are new events of a run.
    func announce(_ run: RunID) {
        for bell in bells.withLock({ $0[run].map { Array($0.values) } ?? [] }) { bell.signal() }
    }

    /// There may be new events of any run.
    func announce() {
        for bell in bells.withLock({ $0.values.flatMap(\.values) }) { bell.signal() }
    }
}
