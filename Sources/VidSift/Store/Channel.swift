package import Database
package import Foundation

/// A set of videos that is searched together: a YouTube channel, or a name given to one's own recordings.
package struct Channel: Sendable, Hashable, Identifiable {
    package var id: ChannelID
    package var youtubeID: String?
    package var title: String
    package var videos: Int
    package var createdAt: Date
}

extension Channel: RowDecodable {
    package init(row: Row) throws {
        id = try row.decode("id")
        youtubeID = try row.decode("youtube_id")
        title = try row.decode("title")
        videos = try row.decode("videos")
        createdAt = try row.decode("created_at")
    }
}

extension Channel {
    private static let columns: SQL = """
        c.id, c.youtube_id, c.title, c.created_at, (SELECT count(*) FROM videos v WHERE v.channel_id = c.id) AS videos
        """

    /// The channel that a person means by an id, a YouTube id, a handle, or a name.
    package static func find(_ reference: String, on db: some SQLRunner) async throws -> Channel? {
        if reference.hasPrefix("@"), let channel = try await ChannelListing.channel(handle: reference, on: db) {
            return channel
        }
        let title = Title(reference)?.text ?? reference
        let name = title.hasPrefix("@") ? String(title.dropFirst()) : title
        let id = ChannelID(reference)
        return try await db.first(
            """
            SELECT \(columns) FROM channels c
            WHERE c.id = \(id) OR c.youtube_id = \(reference)
                OR (c.youtube_id IS NULL AND c.title = \(title)) OR (c.youtube_id IS NULL AND c.title = \(name))
            ORDER BY CASE WHEN c.id = \(id) THEN 0 WHEN c.youtube_id = \(reference) THEN 1 ELSE 2 END
            LIMIT 1
            """, as: Channel.self)
    }

    /// The channel of that name for one's own recordings, made when there is none. Several may ask for it at once.
    static func named(_ name: Title, on tx: some SQLRunner) async throws -> ChannelID {
        if let id = try await Self.id(named: name, on: tx) { return id }
        let id = ChannelID()
        let made = try await tx.execute(
            """
            INSERT INTO channels (id, title, created_at) VALUES (\(id), \(name), now())
            ON CONFLICT (title) WHERE youtube_id IS NULL DO NOTHING
            """)
        return made > 0 ? id : try await Self.id(named: name, on: tx) ?? id
    }

    /// The channel of that name for one's own recordings, where there is one.
    static func id(named name: Title, on db: some SQLRunner) async throws -> ChannelID? {
        try await db.value(
            "SELECT id FROM channels WHERE youtube_id IS NULL AND title = \(name)", as: ChannelID.self)
    }

    /// A page of channels in the order they were made, after the one named by `cursor`.
    package static func list(after cursor: ChannelID?, limit: Int, on db: some SQLRunner) async throws -> [Channel] {
        try await db.rows(
            """
            SELECT \(columns) FROM channels c WHERE c.id > \(cursor ?? .lowest) ORDER BY c.id LIMIT \(limit)
            """, as: Channel.self)
    }

    /// Removes the channel with its videos; false when there was none.
    package static func delete(_ id: ChannelID, on tx: some SQLRunner) async throws -> Bool {
        for table in ["recordings", "ingests"] {
            try await tx.execute(
                """
                DELETE FROM \(unescaped: table) WHERE video_id IN (SELECT id FROM videos WHERE channel_id = \(id))
                """)
        }
        let jobs = try await tx.values(
            """
            SELECT id FROM jobs WHERE kind IN (\(ListChannelJob.kind), \(CheckChannelJob.kind))
                AND subject = \(id.description)
            UNION ALL SELECT j.id FROM videos v JOIN jobs j ON j.subject = CAST(v.id AS TEXT)
                AND j.kind IN (\(FetchVideoJob.kind), \(TranscribeVideoJob.kind), \(AwaitVideoJob.kind),
                    \(IndexVideoJob.kind))
            WHERE v.channel_id = \(id)
            """, as: JobID.self)
        for job in jobs { _ = try await Job.cancel(job, on: tx) }
        let removed = try await tx.execute("DELETE FROM channels WHERE id = \(id)") > 0
        if removed { try await ScopeVersion.bump(id, on: tx) }
        return removed
    }
}
