package import Database

/// What became of the videos of a channel: each in one of the counts.
package struct ChannelReport: Sendable, Hashable {
    package var listed: Int
    /// Searchable.
    package var indexed: Int
    /// Being worked on, or waiting for it.
    package var open: Int
    /// Yet to come, or running.
    package var later: Int
    package var withoutCaptions: Int
    package var unavailable: Int
    package var failed: Int
    /// Of all: no longer in the channel's list.
    package var delisted: Int
    /// Not counted in `listed`: somebody has removed them, and they don't come back.
    package var deleted = 0
    package var reasons: [Reason]

    /// How many videos are not searchable for one reason.
    package struct Reason: Sendable, Hashable {
        package var outcome: VideoFetch.Outcome
        package var reason: String
        package var videos: Int
    }

    /// The most reasons that are told.
    package static let mostReasons = 20
}

extension ChannelReport {
    package static func get(_ channel: ChannelID, on db: some SQLRunner) async throws -> ChannelReport {
        let (counts, reasons) = try await db.pipeline { pipeline in
            (
                pipeline.rows(countsQuery(of: channel), as: ChannelReport.self),
                pipeline.rows(reasonsQuery(of: channel), as: Reason.self)
            )
        }
        var report =
            try counts.value.first
            ?? ChannelReport(
                listed: 0, indexed: 0, open: 0, later: 0, withoutCaptions: 0, unavailable: 0, failed: 0, delisted: 0,
                reasons: [])
        report.reasons = try reasons.value
        return report
    }

    private static func countsQuery(of channel: ChannelID) -> SQL {
        """
        SELECT count(*) AS listed, count(*) FILTER (WHERE v.state = 'ready') AS indexed,
            count(*) FILTER (WHERE v.state = 'pending' AND f.outcome = 'later') AS later,
            count(*) FILTER (WHERE v.state = 'pending' AND coalesce(f.outcome, '') <> 'later') AS open,
            count(*) FILTER (WHERE v.state = 'failed' AND f.outcome = 'no_captions') AS without_captions,
            count(*) FILTER (WHERE v.state = 'failed' AND f.outcome = 'unavailable') AS unavailable,
            count(*) FILTER (WHERE v.state = 'failed'
                AND coalesce(f.outcome, '') NOT IN ('no_captions', 'unavailable')) AS failed,
            count(*) FILTER (WHERE f.delisted_at IS NOT NULL) AS delisted,
            (SELECT count(*) FROM deleted_videos d WHERE d.channel_id = \(channel)) AS deleted
        FROM videos v LEFT JOIN video_fetches f ON f.video_id = v.id WHERE v.channel_id = \(channel)
        """
    }

    private static func reasonsQuery(of channel: ChannelID) -> SQL {
        """
        SELECT coalesce(f.outcome, 'failed') AS outcome, coalesce(f.reason, i.last_error, '') AS reason,
            count(*) AS videos
        FROM videos v LEFT JOIN video_fetches f ON f.video_id = v.id LEFT JOIN ingests i ON i.video_id = v.id
        WHERE v.channel_id = \(channel) AND v.state <> 'ready' AND coalesce(f.reason, i.last_error) IS NOT NULL
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT \(mostReasons)
        """
    }
}

extension ChannelReport: RowDecodable {
    package init(row: Row) throws {
        listed = try row.decode("listed")
        indexed = try row.decode("indexed")
        open = try row.decode("open")
        later = try row.decode("later")
        withoutCaptions = try row.decode("without_captions")
        unavailable = try row.decode("unavailable")
        failed = try row.decode("failed")
        delisted = try row.decode("delisted")
        deleted = try row.decode("deleted")
        reasons = []
    }
}

extension ChannelReport.Reason: RowDecodable {
    package init(row: Row) throws {
        outcome = try row.decode("outcome")
        reason = try row.decode("reason")
        videos = try row.decode("videos")
    }
}
