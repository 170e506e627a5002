internal import Database

/// A page of a list as it was last read: asked for again, it says whether it has changed.
struct StoredListPage: Sendable, Hashable {
    /// What the page is recognised by.
    var etag: String
    /// What the next page is asked with; nil on the last.
    var next: String?
    /// The ids of its videos, all of them, in order.
    var videos: [String]
}

extension StoredListPage: RowDecodable {
    init(row: Row) throws {
        etag = try row.decode("etag")
        next = try row.decode("next")
        videos = try row.decode("videos", as: String.self).split(separator: " ").map(String.init)
    }
}

extension StoredListPage {
    /// - Parameter token: nil for the first page; so everywhere.
    static func get(_ token: String?, of channel: ChannelID, on db: some SQLRunner) async throws -> StoredListPage? {
        try await db.first(
            "SELECT etag, next, videos FROM list_pages WHERE channel_id = \(channel) AND token = \(token ?? "")",
            as: StoredListPage.self)
    }

    /// Keeps the page in the place of what was kept of it before.
    func keep(_ token: String?, of channel: ChannelID, readBy job: JobID, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            INSERT INTO list_pages (channel_id, token, etag, next, videos, listing)
            VALUES (\(channel), \(token ?? ""), \(etag), \(next), \(videos.joined(separator: " ")), \(job))
            ON CONFLICT (channel_id, token) DO UPDATE SET etag = excluded.etag, next = excluded.next,
                videos = excluded.videos, listing = excluded.listing
            """)
    }

    /// Forgets the pages of a channel, or those that the listing of this job has not met.
    static func forget(of channel: ChannelID, unreadBy job: JobID? = nil, on tx: some SQLRunner) async throws {
        let unread: SQL = if let job { "AND listing <> \(job)" } else { "" }
        try await tx.execute("DELETE FROM list_pages WHERE channel_id = \(channel) \(unread)")
    }
}
