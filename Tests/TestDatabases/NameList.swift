internal import Synchronization

/// Names that are gathered from anywhere.
final class NameList: Sendable {
    private let names = Mutex<[String]>([])

    func append(_ name: String) {
        names.withLock { $0.append(name) }
    }

    func removeAll() -> [String] {
        names.withLock { names in
            defer { names = [] }
            return names
        }
    }
}
