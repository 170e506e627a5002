import Database
import Synchronization

/// Notices that one task gathers and another looks at.
final class NoticeList: Sendable {
    private let notices = Mutex<[DatabaseNotice]>([])

    var all: [DatabaseNotice] { notices.withLock { $0 } }

    func append(_ notice: DatabaseNotice) {
        notices.withLock { $0.append(notice) }
    }
}
