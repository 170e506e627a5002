import NIOCore
import NIOHTTP1
import Synchronization

/// What the scripted model says: so many tokens, the first at once.
struct Script: Sendable {
    /// How a sentence that cites passage 1 is worded.
    enum Citing: String, Sendable {
        /// There is none.
        case never
        /// As it was asked, which is nearly as it was said: words alone show that it is so.
        case inItsWords = "in-its-words"
        /// With so much besides that words alone don't show it.
        case inOthers = "in-others"
    }

    /// Each so-manieth token cites.
    static let citingEvery = 16

    var tokens: Int
    var interval: TimeAmount
    var citing: Citing
}

/// What the scripted model says from now on, and what it was asked.
final class ScriptBook: Sendable {
    struct Counts: Sendable, Encodable {
        /// Answers that were asked for.
        var requests = 0
        var finished = 0
        /// Their client closed the connection before the end.
        var cancelled = 0
        var open = 0
        var mostOpen = 0
        var connections = 0
    }

    private let state: Mutex<(script: Script, counts: Counts)>

    init(_ script: Script) {
        state = Mutex((script, Counts()))
    }

    var script: Script { state.withLock(\.script) }
    var counts: Counts { state.withLock(\.counts) }

    /// Begins to count anew.
    func replace(with script: Script) {
        state.withLock { state in
            let open = state.counts.open
            state = (script, Counts(open: open, mostOpen: open))
        }
    }

    func connected() {
        state.withLock { $0.counts.connections += 1 }
    }

    func began() {
        state.withLock { state in
            state.counts.requests += 1
            state.counts.open += 1
            state.counts.mostOpen = max(state.counts.mostOpen, state.counts.open)
        }
    }

    func ended(whole: Bool) {
        state.withLock { state in
            state.counts.open -= 1
            if whole { state.counts.finished += 1 } else { state.counts.cancelled += 1 }
        }
    }
}
