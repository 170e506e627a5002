import Synchronization

@testable import Providers

/// Names for the tests: what each look-up of a name gives, in their order; the last one stays.
final class NameTable: Sendable {
    private let state: Mutex<(answers: [String: [[String]]], asked: [String])>

    init(_ answers: [String: [[String]]]) { state = Mutex((answers, [])) }

    /// The names that were asked for.
    var asked: [String] { state.withLock { $0.asked } }

    var lookup: HostLookup {
        HostLookup { host, _ in
            try self.state.withLock { state in
                state.asked.append(host)
                guard let answer = state.answers[host]?.first else { throw HostLookup.Fault.notFound("no such name") }
                if state.answers[host, default: []].count > 1 { state.answers[host]?.removeFirst() }
                return answer.compactMap { IPAddress($0) }
            }
        }
    }
}
