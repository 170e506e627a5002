import Foundation

/// `queue-model [--seeds N] [--from SEED] [--mutation NAME]`, or `queue-model --seed SEED --trace [--mutation NAME]`
///
/// Runs the protocol of the queue against everything that can go wrong, in an order that a seed decides.
struct Options {
    var first: UInt64 = 1
    var count = 10_000
    var mutation: Mutation?
    var isTraced = false

    init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            if name == "--trace" {
                isTraced = true
                continue
            }
            guard let value = rest.popFirst() else { throw UsageError(reason: "\(name) needs a value") }
            try set(name, value)
        }
    }

    private mutating func set(_ name: String, _ value: String) throws(UsageError) {
        switch name {
        case "--seeds":
            guard let number = Int(value), number > 0 else {
                throw UsageError(reason: "--seeds takes a number above 0")
            }
            count = number
        case "--from", "--seed":
            guard let number = UInt64(value) else { throw UsageError(reason: "\(name) takes a number") }
            first = number
            if name == "--seed" { count = 1 }
        case "--mutation":
            guard let known = Mutation(rawValue: value) else { throw UsageError(reason: "no mutation \(value)") }
            mutation = known
        default: throw UsageError(reason: "unknown option \(name)")
        }
    }
}

/// What is wrong with the command line.
struct UsageError: Error {
    var reason: String
}

func run(_ options: Options) -> Int32 {
    if options.isTraced {
        let simulation = Simulation(seed: options.first, mutation: options.mutation, isTraced: true)
        let violation = simulation.run()
        for line in simulation.trace { print(line) }
        print(violation ?? "no violation")
        return violation == nil ? 0 : 1
    }
    let campaign = Campaign(
        first: options.first, count: options.count, mutation: options.mutation,
        threads: ProcessInfo.processInfo.activeProcessorCount)
    let outcome = campaign.run()
    guard let failure = outcome.failure else {
        print("\(options.count) seeds, \(outcome.steps) steps, no violation")
        return 0
    }
    print("seed \(failure.seed): \(failure.violation)")
    print("queue-model --seed \(failure.seed) --trace shows how it came to that.")
    return 1
}

do {
    exit(run(try Options(Array(CommandLine.arguments.dropFirst()))))
} catch {
    FileHandle.standardError.write(Data("queue-model: \(error.reason)\n".utf8))
    exit(64)
}
