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
    package var title: String
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

    /// Looks the source up inside its channel: by content first, then by name.
    func standing(in channel: ChannelID?, on db: some SQLRunner) async throws -> Standing {
        let scope = channel?.description ?? ""
        let waiting = try await db.first(
            """
            SELECT v.id, i.stage FROM ingests i JOIN videos v ON v.id = i.video_id
            WHERE coalesce(v.channel_id, '') = \(scope) AND i.checksum = \(checksum) ORDER BY v.id LIMIT 1
            """, as: Waiting.self)
        if let waiting { return waiting.stage == .failed ? .failed(waiting.id) : .unchanged(waiting.id) }
        let same = try await db.value(
            "SELECT id FROM videos WHERE coalesce(channel_id, '') = \(scope) AND checksum = \(checksum)",
            as: VideoID.self)
        let named = try await db.value(
            "SELECT id FROM videos WHERE coalesce(channel_id, '') = \(scope) AND source_key = \(key)",
            as: VideoID.self)
        if let same, try await PendingIngest.get(same, on: db) == nil { return .unchanged(same) }
        return (named ?? same).map(Standing.changed) ?? .unknown
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

    private struct Waiting: RowDecodable {
        let id: VideoID
        let stage: PendingIngest.Stage
        init(row: Row) throws {
            id = try row.decode("id")
            stage = try row.decode("stage")
        }
    }
}
