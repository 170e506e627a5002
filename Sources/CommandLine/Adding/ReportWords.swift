internal import VidSift

/// What became of the videos of a channel, in words.
struct ReportWords {
    let report: ChannelReport

    /// One sentence without its dot.
    var summary: String {
        let others = [
            (report.open, "being worked on"), (report.later, "yet to come"),
            (report.withoutCaptions, "without captions"), (report.unavailable, "not to be had"),
            (report.failed, "failed"),
        ].filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
        let delisted = report.delisted > 0 ? " (\(report.delisted) of all no longer in the list)" : ""
        let deleted = report.deleted > 0 ? ", and \(report.deleted) were removed here" : ""
        return "\(report.indexed) of \(report.listed) videos are searchable\(others)\(delisted)\(deleted)"
    }

    /// How many videos are not searchable for which reason, a line each.
    var reasons: [String] {
        report.reasons.map { "\($0.videos) × \(Clean.line($0.reason))" }
    }
}
