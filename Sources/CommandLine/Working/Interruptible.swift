internal import Foundation
internal import Synchronization
internal import UnixSignals

/// A signal has ended the command in the middle.
struct Interrupted: Error {
    var signal: Int32
    /// As a shell gives it for a program that a signal has ended.
    var exitCode: Int32 { 128 + signal }
}

/// Runs work that the first Ctrl-C (or SIGTERM) cancels, so that what it holds is given back; the second ends the
/// program at once.
///
/// - Throws: `Interrupted`; what the work throws.
func interruptible<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
    let interruption = Interruption()
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        // This function waits for its end.
        let work = Task { try await body() }
        group.addTask {
            for await signal in signals {
                guard interruption.isFirst(signal.number) else { exit(128 + signal.number) }
                work.cancel()
            }
        }
        defer { group.cancelAll() }
        do {
            return try await work.value
        } catch {
            guard let signal = interruption.signal else { throw error }
            throw Interrupted(signal: signal)
        }
    }
}

/// The signal that has come first, where one has.
private final class Interruption: Sendable {
    private let first = Mutex<Int32?>(nil)

    var signal: Int32? { first.withLock { $0 } }

    func isFirst(_ signal: Int32) -> Bool {
        first.withLock { first in
            defer { first = first ?? signal }
            return first == nil
        }
    }
}

extension UnixSignal {
    fileprivate var number: Int32 { self == .sigterm ? SIGTERM : SIGINT }
}
