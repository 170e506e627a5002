/// What became of a channel that somebody wanted: all that is said of it, kept as data until it is sent.
package struct ChannelNotice: Codable, Sendable, Hashable {
    package typealias ID = Identifier<ChannelNotice>

    /// How it ended.
    package enum Outcome: String, Sendable {
        /// All of its videos are searchable.
        case ready
        /// Some of them are.
        case partly
        /// None is.
        case failed
    }

    /// The videos of the channel, each in one of the counts but for `delisted`.
    package struct Counts: Codable, Sendable, Hashable {
        package var listed: Int
        package var indexed: Int
        /// Yet to come, running, or still being worked on.
        package var later: Int
        package var withoutCaptions: Int
        package var unavailable: Int
        package var failed: Int
        /// Of all: no longer in the channel's list.
        package var delisted: Int
    }

    /// Why so many videos are not searchable.
    package struct Reason: Codable, Sendable, Hashable {
        package var reason: String
        package var videos: Int
    }

    /// By which a receiver knows a repetition.
    package var id: ID
    /// The job that has ended.
    package var job: JobID
    package var channel: ChannelID
    package var youtubeID: String?
    package var title: String
    package var counts: Counts
    /// The most frequent first.
    package var reasons: [Reason]
    /// Why nothing is searchable; nil where something is.
    package var failure: String?
    /// Who asked for it.
    package var requester: String

    /// The most reasons that are told.
    static let mostReasons = 10
    /// The longest reason, in Unicode scalars.
    static let longestReason = 300

    package init(channel: Channel, report: ChannelReport, failure: String?, job: JobID, requester: String) {
        id = ID()
        self.job = job
        self.channel = channel.id
        youtubeID = channel.youtubeID
        title = channel.title
        counts = Counts(report)
        reasons = report.reasons.prefix(Self.mostReasons).map {
            Reason(reason: $0.reason.cut(to: Self.longestReason), videos: $0.videos)
        }
        self.failure = failure?.cut(to: Self.longestReason)
        self.requester = requester
    }

    package var outcome: Outcome {
        if failure != nil { return .failed }
        return counts.indexed < counts.listed ? .partly : .ready
    }
}

extension ChannelNotice.Counts {
    init(_ report: ChannelReport) {
        self.init(
            listed: report.listed, indexed: report.indexed, later: report.later + report.open,
            withoutCaptions: report.withoutCaptions, unavailable: report.unavailable, failed: report.failed,
            delisted: report.delisted)
    }
}

extension String {
    /// The text where it is short, else its beginning.
    ///
    /// - Parameter length: the most Unicode scalars: a character may have any number of them.
    func cut(to length: Int) -> String {
        guard unicodeScalars.count > length else { return self }
        return String(unicodeScalars.prefix(length - 1)) + "…"
    }
}
