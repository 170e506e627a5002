internal import Synchronization

/// Rings where a worker waits: there is something new to do, or a place has become free.
package final class JobBell: Sendable {
    private let wakeUp = WakeUp()
    private let hasNews = Mutex(true)

    package init() {}

    /// There may be new jobs: look at all kinds.
    package func announce() {
        hasNews.withLock { $0 = true }
        wakeUp.signal()
    }

    /// Something has changed in this worker.
    func nudge() {
        wakeUp.signal()
    }

    /// Whether there may be new jobs since the last call.
    func takeNews() -> Bool {
        hasNews.withLock { news in
            defer { news = false }
            return news
        }
    }

    func wait(atMost limit: Duration) async {
        await wakeUp.wait(atMost: limit)
    }
}
