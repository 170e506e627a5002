import Synchronization

/// Counts what happens in several tasks.
final class Count: Sendable {
    private let number = Mutex(0)

    /// One more; gives the new number.
    @discardableResult
    func add() -> Int {
        number.withLock { number in
            number += 1
            return number
        }
    }

    var value: Int { number.withLock { $0 } }
}
