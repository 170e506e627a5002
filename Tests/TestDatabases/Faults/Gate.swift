internal import Synchronization

/// Something that happens once, and that any number of tasks wait for.
public final class Gate: Sendable {
    private enum State {
        case shut([CheckedContinuation<Void, Never>])
        case open
    }

    private let state = Mutex(State.shut([]))

    /// Shut.
    public init() {}

    /// Opens it for good.
    public func open() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .shut(let waiters) = state else { return [] }
            state = .open
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Whether it has happened.
    public var isOpen: Bool {
        state.withLock { if case .open = $0 { true } else { false } }
    }

    /// Returns once it is open.
    public func wait() async {
        await withCheckedContinuation { waiter in
            let isOpen = state.withLock { state in
                guard case .shut(let waiters) = state else { return true }
                state = .shut(waiters + [waiter])
                return false
            }
            if isOpen { waiter.resume() }
        }
    }
}
