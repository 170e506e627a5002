import Synchronization

@testable import Providers

/// Counts units, and refuses them from a number on.
final class CountingGate: QuotaGate {
    struct Refusal: Error, Equatable {
        var left: Int
    }

    private let limit: Int
    private let state = Mutex(0)

    init(limit: Int = .max) { self.limit = limit }

    var spent: Int { state.withLock { $0 } }

    func spend(_ units: Int) async throws {
        try state.withLock { spent in
            guard spent + units <= limit else { throw Refusal(left: limit - spent) }
            spent += units
        }
    }
}
