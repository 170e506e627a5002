package import Foundation

/// How fast YouTube may be asked by all instances together, and for how long not at all: one row in the database.
///
/// A pure value: whoever changes it gives the time, so that a day of blocks takes a test no time. The hour's requests are
/// a leaky bucket that is kept as one moment (the generic cell rate algorithm): `fullAt` is when all of them are there
/// again.
package struct YouTubePace: Sendable, Hashable {
    /// Before that nobody asks.
    package var nextAt: Date
    package var fullAt: Date
    package var blockedUntil: Date
    /// How often in a row YouTube has refused.
    package var blocks: Int
    /// What was said at the last block, for people.
    package var reason: String?

    package init(
        nextAt: Date = .distantPast, fullAt: Date = .distantPast, blockedUntil: Date = .distantPast, blocks: Int = 0,
        reason: String? = nil
    ) {
        self.nextAt = nextAt
        self.fullAt = fullAt
        self.blockedUntil = blockedUntil
        self.blocks = blocks
        self.reason = reason
    }

    /// What all instances together keep to.
    package struct Limits: Sendable, Hashable {
        /// In any hour.
        package var requestsPerHour: Int
        /// The mean time between two requests; each is half of it to one and a half.
        package var spacing: Duration

        package init(requestsPerHour: Int = 600, spacing: Duration = .seconds(2)) {
            self.requestsPerHour = max(10, requestsPerHour)
            self.spacing = spacing
        }

        /// Requests that may follow each other at the spacing before the hour's rate sets the pace.
        var burst: Int { requestsPerHour / 10 }
        /// The time that one request takes from the hour: with a burst at its beginning, no hour has more than
        /// `requestsPerHour`.
        var share: TimeInterval { 3_600 / Double(requestsPerHour - burst) }
    }

    /// Whether somebody may ask.
    package enum Permission: Sendable, Hashable {
        /// After a wait, which may be none; the requests are counted as made. `blocks` tells what was known then.
        case granted(after: Duration, blocks: Int)
        /// YouTube has refused to answer: nothing is counted.
        case blocked(for: Duration, reason: String)
        /// The hour's requests are used: nothing is counted.
        case spent(for: Duration)
    }

    /// The longest wait that is granted: whoever would wait longer does something else.
    package static let longestWait: TimeInterval = 20
    /// How long the first request after a block keeps the others waiting.
    package static let probeTime: TimeInterval = 120
    package static let firstPause: TimeInterval = 5 * 60
    package static let longestPause: TimeInterval = 6 * 3_600
    private static let mostDoublings = 10

    /// Takes requests out of the budget.
    ///
    /// After a block one caller probes; the others wait for what comes of it.
    ///
    /// - Parameters:
    ///   - requests: that are made one after the other.
    ///   - chance: 0..<1.
    package mutating func take(_ requests: Int, _ limits: Limits, now: Date, chance: Double) -> Permission {
        guard blockedUntil <= now else {
            return .blocked(for: pause(at: now), reason: reason ?? "")
        }
        let full = max(fullAt, now)
        let cost = limits.share * Double(requests)
        let tolerated = now.addingTimeInterval(limits.share * Double(max(limits.burst, requests)))
        let late = full.addingTimeInterval(cost).timeIntervalSince(tolerated)
        let start = max(nextAt, now, late > 0 ? now.addingTimeInterval(late) : now)
        let wait = start.timeIntervalSince(now)
        guard wait <= Self.longestWait else { return .spent(for: .seconds(wait)) }
        fullAt = full.addingTimeInterval(cost)
        let pause = limits.spacing / .seconds(1) * Double(requests)
        nextAt = start.addingTimeInterval(pause * (0.5 + chance))
        if blocks > 0 { blockedUntil = start.addingTimeInterval(Self.probeTime) }
        return .granted(after: .seconds(wait), blocks: blocks)
    }

    /// Puts requests back that were granted and not made.
    ///
    /// - Parameter blocks: those of the permission: where it was to probe, another may.
    package mutating func giveBack(_ requests: Int, _ limits: Limits, blocks: Int, now: Date) {
        fullAt -= limits.share * Double(requests)
        if blocks > 0, self.blocks == blocks { blockedUntil = now }
    }

    /// How long nothing is asked.
    package func pause(at now: Date) -> Duration { .seconds(max(0, blockedUntil.timeIntervalSince(now))) }

    /// YouTube has answered as it should.
    ///
    /// - Parameter blocks: those of the permission: what was asked before a block says nothing about it.
    /// - Returns: false where nothing has changed.
    package mutating func answered(blocks: Int) -> Bool {
        guard self.blocks > 0, self.blocks == blocks else { return false }
        self.blocks = 0
        blockedUntil = .distantPast
        reason = nil
        return true
    }

    /// YouTube has refused: nothing is asked for a time that grows with each refusal.
    ///
    /// - Parameters:
    ///   - blocks: those of the permission: requests that were under way together are refused together, once.
    ///   - requested: what YouTube asked for (`Retry-After`).
    ///   - chance: 0..<1.
    package mutating func refused(
        because reason: String, blocks: Int, requested: Duration? = nil, now: Date, chance: Double
    ) {
        let wanted = now.addingTimeInterval(min(Self.longestPause, requested.map { $0 / .seconds(1) } ?? 0))
        guard self.blocks == blocks else { return blockedUntil = max(blockedUntil, wanted) }
        self.blocks += 1
        self.reason = reason
        let doubled = Self.firstPause * Double(1 << min(blocks, Self.mostDoublings))
        let pause = min(Self.longestPause, doubled) * (0.75 + chance / 4)
        blockedUntil = max(now.addingTimeInterval(pause), wanted)
    }
}
