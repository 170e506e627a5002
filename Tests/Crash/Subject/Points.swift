internal import Foundation
internal import Synchronization

/// The places at which a subject can be killed, each with a name and the number of times it was passed.
final class Points: Sendable {
    /// For example `after COMMIT#3`; nil: nothing is killed.
    private let chosen: String?
    private let areTold: Bool
    private let passed = Mutex<[String: Int]>([:])

    init(chosen: String?, areTold: Bool) {
        self.chosen = chosen
        self.areTold = areTold
    }

    /// Ends the process without a warning if this is the chosen place.
    func pass(_ name: String) {
        let count = passed.withLock { passed in
            passed[name, default: 0] += 1
            return passed[name, default: 0]
        }
        let point = "\(name)#\(count)"
        if areTold { Announcement.say("point", point) }
        guard point == chosen else { return }
        kill(getpid(), SIGKILL)
        // The other threads end with this one, and none of them does anything more for it.
        while true { pause() }
    }

    /// Passes a place before the work and one after it, whether it succeeds or not.
    func around<T>(_ name: String, _ work: () async throws -> T) async throws -> T {
        pass("before \(name)")
        do {
            let result = try await work()
            pass("after \(name)")
            return result
        } catch {
            pass("after failed \(name)")
            throw error
        }
    }
}
