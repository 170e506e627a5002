import Dispatch
import Synchronization

/// Runs many seeds on all processors.
struct Campaign {
    var first: UInt64
    var count: Int
    var mutation: Mutation?
    var threads: Int

    struct Outcome: Sendable {
        var steps = 0
        /// The lowest seed that broke a rule, and the rule.
        var failure: (seed: UInt64, violation: String)?
    }

    private static let block = 500

    func run() -> Outcome {
        let outcome = Mutex(Outcome())
        let next = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while true {
                let start = next.withLock { next in
                    defer { next += Self.block }
                    return next
                }
                guard start < count, outcome.withLock({ $0.failure == nil }) else { return }
                let part = runBlock(start)
                outcome.withLock { $0.add(part) }
            }
        }
        return outcome.withLock { $0 }
    }

    private func runBlock(_ start: Int) -> Outcome {
        var part = Outcome()
        for offset in start..<min(count, start + Self.block) {
            let seed = first + UInt64(offset)
            let simulation = Simulation(seed: seed, mutation: mutation)
            let violation = simulation.run()
            part.steps += simulation.steps
            if let violation {
                part.failure = (seed, violation)
                return part
            }
        }
        return part
    }
}

extension Campaign.Outcome {
    fileprivate mutating func add(_ part: Self) {
        steps += part.steps
        guard let failure = part.failure, failure.seed < self.failure?.seed ?? .max else { return }
        self.failure = failure
    }
}
