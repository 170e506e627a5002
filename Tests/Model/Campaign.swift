import Dispatch
import Foundation
import Synchronization

/// Runs many seeds on all processors.
struct Campaign: Sendable {
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

    /// What the threads share.
    private final class Progress: Sendable {
        let outcome = Mutex(Outcome())
        private let next = Mutex(0)

        /// The first of the seeds that are to be run next.
        func takeBlock() -> Int {
            next.withLock { next in
                defer { next += Campaign.block }
                return next
            }
        }
    }

    func run() -> Outcome {
        let progress = Progress()
        let ended = DispatchGroup()
        // The pool of Dispatch starts fewer where others keep the machine busy.
        for _ in 0..<threads {
            ended.enter()
            Thread {
                work(progress)
                ended.leave()
            }.start()
        }
        ended.wait()
        return progress.outcome.withLock { $0 }
    }

    private func work(_ progress: Progress) {
        while progress.outcome.withLock({ $0.failure == nil }) {
            let start = progress.takeBlock()
            guard start < count else { return }
            let part = runBlock(start)
            progress.outcome.withLock { $0.add(part) }
        }
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
