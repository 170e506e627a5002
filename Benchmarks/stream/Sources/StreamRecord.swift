/// What was seen of one streamed answer.
struct StreamRecord: Sendable {
    /// A token that is later than the one before it by this much more than it was sent later.
    static let stall: Int64 = 200_000_000

    /// How an answer ended.
    enum End: Sendable, Equatable {
        /// With the event that ends it.
        case whole
        /// Without.
        case cut
        /// With a failure, or it was refused.
        case failed
        case tooLate
    }

    private(set) var end = End.cut
    private(set) var status = 0
    private(set) var complaint = ""
    /// Nanoseconds from the request to the first token.
    private(set) var untilFirst: Int64?
    /// From the sending of the first token to its arrival.
    private(set) var firstDelay: Int64?
    /// The same of all tokens, in the order in which they came.
    private(set) var delays: [Int64] = []
    private(set) var longestPause: Int64 = 0
    private(set) var longestPauseOfModel: Int64 = 0
    private(set) var stalls = 0
    private(set) var lost: Int
    private(set) var doubled = 0
    private(set) var disordered = 0
    private(set) var bytes = 0

    private var isSeen: [Bool]
    private var last: (stamp: Stamp, arrival: Int64)?

    init(tokens: Int) {
        lost = tokens
        isSeen = Array(repeating: false, count: tokens)
        delays.reserveCapacity(tokens)
    }

    mutating func arrived(_ stamp: Stamp, at now: Int64, asked: Int64) {
        guard isSeen.indices.contains(stamp.number), !isSeen[stamp.number] else {
            doubled += 1
            return
        }
        isSeen[stamp.number] = true
        lost -= 1
        let delay = now - stamp.sentAt
        delays.append(delay)
        if let last {
            if stamp.number != last.stamp.number + 1 { disordered += 1 }
            let (pause, ofModel) = (now - last.arrival, stamp.sentAt - last.stamp.sentAt)
            longestPause = max(longestPause, pause)
            longestPauseOfModel = max(longestPauseOfModel, ofModel)
            if pause - ofModel > Self.stall { stalls += 1 }
        } else {
            untilFirst = now - asked
            firstDelay = delay
        }
        last = (stamp, now)
    }

    mutating func received(status: Int) { self.status = status }

    mutating func received(bytes: Int) { self.bytes += bytes }

    mutating func end(_ end: End, complaint: [UInt8]) {
        self.end = end
        self.complaint = String(decoding: complaint, as: UTF8.self)
    }
}
