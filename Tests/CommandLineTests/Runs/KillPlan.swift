import Foundation

/// Where in an answer its server is killed, and what of it has reached the client.
struct KillPlan: CustomStringConvertible {
    enum Moment {
        /// The question has been sent, and nothing was waited for.
        case atOnce
        /// The model has said so many sentences, the client has them, and nothing is under way.
        case afterSentences(Int)
        /// The model says all it has, and the client has so many bytes of its stream.
        case afterBytes(Int)
    }

    var moment: Moment
    /// Of the bytes that have come the part that the client got.
    var share: Double
    /// Whether the client is back before the lease of its answer is over.
    var isBackEarly: Bool

    /// - Parameters:
    ///   - sentences: how many the model has.
    ///   - bytes: of the whole stream without its end.
    static func all(_ count: Int, sentences: Int, bytes: Int, seed: UInt64) -> [KillPlan] {
        var random = SeededNumbers(seed: seed)
        return (0..<count).map { _ in
            KillPlan(
                moment: moment(sentences, bytes, &random),
                share: Bool.random(using: &random) ? 1 : .random(in: 0...1, using: &random),
                isBackEarly: .random(using: &random))
        }
    }

    private static func moment(_ sentences: Int, _ bytes: Int, _ random: inout SeededNumbers) -> Moment {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: Bool.random(using: &random) ? .atOnce : .afterBytes(0)
        case 1...4: .afterSentences(.random(in: 0...sentences, using: &random))
        default: .afterBytes(.random(in: 0..<bytes, using: &random))
        }
    }

    var description: String { "\(moment), \(share) of it received, back \(isBackEarly ? "early" : "late")" }

    /// How often a server is killed: `VIDSIFT_TEST_KILLS`, else what each run of the tests has time for.
    static let usualCount = number("VIDSIFT_TEST_KILLS") ?? 20
    /// Makes the plans, and those of readers that are cut off: `VIDSIFT_TEST_SEED`.
    static let seed = UInt64(number("VIDSIFT_TEST_SEED") ?? 1)

    private static func number(_ variable: String) -> Int? {
        ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
    }
}

/// Random numbers that are the same in each run (SplitMix64), so that what is found once is found again.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
