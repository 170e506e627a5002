internal import Database

/// A video of YouTube that somebody has removed from a channel: the channel's list does not bring it back.
enum DeletedVideo {
    /// Remembers a video that is about to be removed, in the transaction that does it; nothing where no list would bring
    /// it back.
    static func remember(_ video: VideoID, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            INSERT INTO deleted_videos (channel_id, youtube_id, deleted_at)
            SELECT v.channel_id, v.youtube_id, now() FROM videos v
                JOIN channel_listings l ON l.channel_id = v.channel_id
            WHERE v.id = \(video) AND v.youtube_id IS NOT NULL
            ON CONFLICT (channel_id, youtube_id) DO UPDATE SET deleted_at = excluded.deleted_at
            """)
    }

    /// Which of these videos were removed from a channel.
    static func among(
        _ youtubeIDs: [String], in channel: ChannelID, on db: some SQLRunner
    ) async throws -> Set<String> {
        guard !youtubeIDs.isEmpty else { return [] }
        return Set(
            try await db.values(
                """
                SELECT youtube_id FROM deleted_videos
                WHERE channel_id = \(channel) AND youtube_id IN \(list: youtubeIDs)
                """, as: String.self))
    }

    /// Lets a video come back that somebody asks for by itself.
    ///
    /// - Returns: the channel that it was removed from, the last one of several; nil where it was removed from none.
    static func forget(_ youtubeID: String, on tx: some SQLRunner) async throws -> ChannelID? {
        try await tx.value(
            """
            DELETE FROM deleted_videos WHERE youtube_id = \(youtubeID) AND channel_id = (
                SELECT channel_id FROM deleted_videos WHERE youtube_id = \(youtubeID)
                ORDER BY deleted_at DESC, channel_id LIMIT 1)
            RETURNING channel_id
            """, as: ChannelID.self)
    }
}
