internal import Database
package import Foundation

/// A video as a list has it.
package struct ListedVideo: Sendable, Hashable {
    /// What to do about it, as far as the list tells.
    package enum Prospect: Sendable, Hashable {
        case fetch
        /// Not before then.
        case later(Date?, reason: String)
        case unavailable(reason: String)
    }

    package var youtubeID: String
    package var title: Title?
    package var publishedAt: Date?
    package var duration: Duration?
    package var prospect: Prospect

    package init(
        youtubeID: String, title: Title? = nil, publishedAt: Date? = nil, duration: Duration? = nil,
        prospect: Prospect = .fetch
    ) {
        self.youtubeID = youtubeID
        self.title = title
        self.publishedAt = publishedAt
        self.duration = duration
        self.prospect = prospect
    }

    /// What names the source of a video of YouTube.
    static func sourceKey(_ youtubeID: String) -> String { "youtube:\(youtubeID)" }
}

extension ListedVideo {
    /// What a page of a list means for the library.
    struct Written: Sendable, Hashable {
        /// Whose words are wanted: new ones, and those that were wanted before.
        var wanted: [VideoID] = []
        /// New ones whose time has not come.
        var later: [(video: VideoID, at: Date?)] = []

        static func == (one: Self, other: Self) -> Bool {
            one.wanted == other.wanted && one.later.map(\.video) == other.later.map(\.video)
        }

        func hash(into hasher: inout Hasher) { hasher.combine(wanted) }
    }

    /// Writes the videos of a page down. What is there already stays as it is, but for its title; what somebody has
    /// removed from the channel stays away.
    ///
    /// - Parameters:
    ///   - channel: nil for one that was asked for by itself.
    ///   - listing: the job that lists; nil where it is no listing.
    static func write(
        _ videos: [ListedVideo], in channel: ChannelID?, listing: JobID?, on tx: some SQLRunner
    ) async throws -> Written {
        var written = Written()
        for video in videos {
            guard let id = try await video.write(in: channel, listing: listing, on: tx) else { continue }
            switch (id.isNew, video.prospect) {
            case (true, .later(let date, let reason)):
                try await VideoFetch.record(.later, reason, of: id.video, on: tx)
                written.later.append((id.video, date))
            case (true, .unavailable(let reason)):
                try await VideoFetch.record(.unavailable, reason, of: id.video, on: tx)
            case (true, .fetch): written.wanted.append(id.video)
            case (false, _):
                let outcome = try await VideoFetch.get(id.video, on: tx)?.outcome
                if outcome == .wanted { written.wanted.append(id.video) }
            }
        }
        return written
    }

    /// - Returns: nil for one that somebody has removed from the channel.
    private func write(
        in channel: ChannelID?, listing: JobID?, on tx: some SQLRunner
    ) async throws -> (video: VideoID, isNew: Bool)? {
        let known = try await find(in: channel, on: tx)
        // After that look: whoever removes it at this moment takes the row and leaves the mark at once.
        if known == nil, let channel, try await !DeletedVideo.among([youtubeID], in: channel, on: tx).isEmpty {
            return nil
        }
        let id = known ?? VideoID()
        if known == nil {
            try await tx.execute(
                """
                INSERT INTO videos (id, youtube_id, channel_id, source_key, source_id, title, duration_ms, state,
                    created_at, updated_at)
                VALUES (\(id), \(youtubeID), \(channel), \(Self.sourceKey(youtubeID)), \(youtubeID), \(shownTitle),
                    \(milliseconds ?? 0), 'pending', now(), now())
                """)
        } else if let title {
            try await tx.execute(
                "UPDATE videos SET title = \(title), updated_at = now() WHERE id = \(id) AND title <> \(title)")
        }
        let made = try await tx.execute(
            """
            INSERT INTO video_fetches (video_id, outcome, published_at, listing, updated_at)
            VALUES (\(id), \(known == nil ? VideoFetch.Outcome.wanted : .captions), \(publishedAt), \(listing), now())
            ON CONFLICT (video_id) DO NOTHING
            """)
        if made == 0 {
            try await tx.execute(
                """
                UPDATE video_fetches SET listing = coalesce(\(listing), listing), delisted_at = NULL,
                    published_at = coalesce(\(publishedAt), published_at), updated_at = now()
                WHERE video_id = \(id)
                """)
        }
        return (id, known == nil)
    }

    /// The row of this video in that channel, or among those without one. It is there until the transaction ends.
    private func find(in channel: ChannelID?, on tx: some SQLRunner) async throws -> VideoID? {
        let belongs: SQL = if let channel { "channel_id = \(channel)" } else { "channel_id IS NULL" }
        return try await tx.value(
            """
            SELECT id FROM videos WHERE youtube_id = \(youtubeID) AND \(belongs)
            ORDER BY CASE WHEN source_key = \(Self.sourceKey(youtubeID)) THEN 0 ELSE 1 END, id LIMIT 1
            \(lock: .keyShare)
            """, as: VideoID.self)
    }

    /// Which of these videos a channel has already, or had until somebody removed them.
    static func known(_ ids: [String], in channel: ChannelID, on db: some SQLRunner) async throws -> Set<String> {
        guard !ids.isEmpty else { return [] }
        let there = try await db.values(
            "SELECT youtube_id FROM videos WHERE channel_id = \(channel) AND youtube_id IN \(list: ids)",
            as: String.self)
        return try await DeletedVideo.among(ids, in: channel, on: db).union(there)
    }

    private var shownTitle: String { title?.text ?? youtubeID }
    private var milliseconds: Int? { duration.map { Int($0 / .milliseconds(1)) } }

    /// Marks the videos of a channel that a complete listing has not seen, and takes the mark from those it has.
    ///
    /// - Returns: how many are newly marked.
    static func markDelisted(in channel: ChannelID, notSeenBy job: JobID, on tx: some SQLRunner) async throws -> Int {
        try await tx.execute(
            """
            UPDATE video_fetches SET delisted_at = now(), updated_at = now()
            WHERE delisted_at IS NULL AND (listing IS NULL OR listing <> \(job))
                AND video_id IN (SELECT id FROM videos WHERE channel_id = \(channel))
            """)
    }
}
