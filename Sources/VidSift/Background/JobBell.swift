internal import Synchronization

/// Rings where workers wait: there is something new to do, or a place has become free.
package final class JobBell: Sendable {
    private let wakeUp = WakeUp()
    private let announcements = Mutex(0)

    package init() {}

    /// There may be new jobs: look at all kinds.
    package func announce() {
        announcements.withLock { $0 += 1 }
        wakeUp.signal()
    }

    /// Something has changed in a worker.
    func nudge() {
        wakeUp.signal()
    }

    /// How often there was news.
    var news: Int { announcements.withLock(\.self) }

    func wait(atMost limit: Duration) async {
        await wakeUp.wait(atMost: limit)
    }
}
