internal import Database

/// Where a video comes from, as far as it tells one video from another.
package struct VideoSource: Sendable, Hashable {
    /// What names the source: `file:<absolute path>` or `upload:<name>`.
    package var key: String
    /// The short name people use: the file's stem.
    package var sourceID: String
    package var youtubeID: String?
    /// SHA-256 of the source's bytes and of what was said about them, hexadecimal.
    package var checksum: String
    package var title: Title
    package var language: String?
}

extension VideoSource {
    /// What is known of a source before it is accepted.
    enum Standing: Sendable, Hashable {
        case unknown
        /// The very same content is there, indexed or waiting.
        case unchanged(VideoID)
        /// The source is known with other content.
        case changed(VideoID)
        /// The same content is waiting after it was given up.
        case failed(VideoID)
    }

    /// Looks the source up inside its channel: by name first, so that a file whose content another one has, too, is
    /// still its own; then by content, so that a copy or a renamed file is recognised.
    func standing(in channel: ChannelID?, on db: some SQLRunner) async throws -> Standing {
        let named = try await db.first(
            """
            \(Self.known)
            WHERE \(Self.belonging(to: channel)) AND v.source_key = \(key)
            """, as: Known.self)
        if let named { return named.standing(for: checksum) ?? .changed(named.id) }
        return try await twin(in: channel, on: db)?.standing(for: checksum) ?? .unknown
    }

    /// The video of another name that has this content or is about to have it. One that is about to lose it is none.
    private func twin(in channel: ChannelID?, on db: some SQLRunner) async throws -> Known? {
        try await db.first(
            """
            \(Self.known)
            WHERE v.id IN (
                SELECT v.id FROM videos v WHERE \(Self.belonging(to: channel)) AND v.checksum = \(checksum)
                UNION SELECT i.video_id FROM ingests i JOIN videos v ON v.id = i.video_id
                    WHERE \(Self.belonging(to: channel)) AND i.checksum = \(checksum)
                UNION SELECT r.video_id FROM recordings r JOIN videos v ON v.id = r.video_id
                    WHERE \(Self.belonging(to: channel)) AND r.checksum = \(checksum))
                AND coalesce(r.checksum, i.checksum, v.checksum) = \(checksum)
            ORDER BY v.id LIMIT 1
            """, as: Known.self)
    }

    /// Of a recording the beginning may wait for its index while the rest is listened to: the whole is what is to come.
    private static let known: SQL = """
        SELECT v.id, v.checksum AS indexed, coalesce(r.checksum, i.checksum) AS waiting, coalesce(r.stage, i.stage) AS stage
        FROM videos v LEFT JOIN ingests i ON i.video_id = v.id LEFT JOIN recordings r ON r.video_id = v.id
        """

    private static func belonging(to channel: ChannelID?) -> SQL {
        if let channel { "v.channel_id = \(channel)" } else { "v.channel_id IS NULL" }
    }

    /// The source's video, made where there is none, and what was known of the source before.
    func place(in channel: ChannelID?, on tx: some SQLRunner) async throws -> (video: VideoID, standing: Standing) {
        let standing = try await standing(in: channel, on: tx)
        switch standing {
        case .unknown: return (try await insert(in: channel, on: tx), standing)
        case .unchanged(let id), .changed(let id), .failed(let id):
            try await identify(id, on: tx)
            return (id, standing)
        }
    }

    /// The row of a video that is to be indexed.
    func insert(in channel: ChannelID?, on tx: some SQLRunner) async throws -> VideoID {
        let id = VideoID()
        try await tx.execute(
            """
            INSERT INTO videos (id, youtube_id, channel_id, source_key, source_id, title, language, state,
                created_at, updated_at)
            VALUES (\(id), \(youtubeID), \(channel), \(key), \(sourceID), \(title), \(language), 'pending', now(), now())
            """)
        return id
    }

    /// Writes down the YouTube id of a video that was added before its id was known.
    func identify(_ video: VideoID, on tx: some SQLRunner) async throws {
        guard let youtubeID else { return }
        try await tx.execute(
            "UPDATE videos SET youtube_id = \(youtubeID), updated_at = now() WHERE id = \(video) AND youtube_id IS NULL"
        )
    }

    /// A video's content as it is served and as it is to be.
    private struct Known: RowDecodable {
        let id: VideoID
        let indexed: String?
        let waiting: String?
        let stage: PendingIngest.Stage?

        init(row: Row) throws {
            id = try row.decode("id")
            indexed = try row.decode("indexed")
            waiting = try row.decode("waiting")
            stage = try row.decode("stage")
        }

        /// Nil where the video has other content, or is about to have it.
        func standing(for checksum: String) -> Standing? {
            guard (waiting ?? indexed) == checksum else { return nil }
            return stage == .failed ? .failed(id) : .unchanged(id)
        }
    }
}
