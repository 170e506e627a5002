package import Database
package import Foundation

/// A channel or playlist of YouTube, and how far its list was gone through.
package struct ChannelListing: Sendable, Hashable {
    package enum State: String, Sendable, SQLBindable, SQLDecodable {
        /// Its list is gone through.
        case listing
        /// All of the list is written down; the words of its videos are had and indexed.
        case indexing
        /// At least one video is searchable, or there is none.
        case ready
        /// Nothing of it is searchable; `error` says why.
        case failed
    }

    package var channelID: ChannelID
    package var youtubeID: String
    package var handle: String?
    package var state: State
    /// The job whose listing it is; nil before the first.
    package var jobID: JobID?
    /// Where that listing goes on.
    package var pageToken: String?
    /// Videos that it has seen.
    package var listed: Int
    /// Pages that it has asked for, those before a new beginning among them.
    package var pages: Int
    package var error: String?
    /// When a listing last came to its end.
    package var listedAt: Date?
    package var checkedAt: Date?
    package var feedETag: String?
    package var feedModified: String?
}

extension ChannelListing: RowDecodable {
    package init(row: Row) throws {
        channelID = try row.decode("channel_id")
        youtubeID = try row.decode("youtube_id")
        handle = try row.decode("handle")
        state = try row.decode("state")
        jobID = try row.decode("job_id")
        pageToken = try row.decode("page_token")
        listed = try row.decode("listed")
        pages = try row.decode("pages")
        error = try row.decode("error")
        listedAt = try row.decode("listed_at")
        checkedAt = try row.decode("checked_at")
        feedETag = try row.decode("feed_etag")
        feedModified = try row.decode("feed_modified")
    }
}

extension ChannelListing {
    /// - Returns: nil for a channel that is not YouTube's, or is gone.
    package static func get(_ channel: ChannelID, on db: some SQLRunner) async throws -> ChannelListing? {
        try await db.first(
            """
            SELECT l.channel_id, c.youtube_id, l.handle, l.state, l.job_id, l.page_token, l.listed, l.pages,
                l.error, l.listed_at, l.checked_at, l.feed_etag, l.feed_modified
            FROM channel_listings l JOIN channels c ON c.id = l.channel_id WHERE l.channel_id = \(channel)
            """, as: ChannelListing.self)
    }

    /// The channel that has this handle, as far as the library knows; capitals make no difference.
    static func channel(handle: String, on db: some SQLRunner) async throws -> Channel? {
        let id = try await db.value(
            """
            SELECT channel_id FROM channel_listings WHERE handle = \(handle.lowercased())
            ORDER BY updated_at DESC LIMIT 1
            """, as: ChannelID.self)
        guard let id else { return nil }
        return try await Channel.find(id.description, on: db)
    }

    /// The channel of that id on YouTube, made where there is none; its title and handle are YouTube's of today.
    static func ensure(
        _ youtubeID: String, title: Title, handle: String?, on tx: some SQLRunner
    ) async throws -> ChannelID {
        try await tx.execute(
            """
            INSERT INTO channels (id, youtube_id, title, created_at) VALUES (\(ChannelID()), \(youtubeID), \(title), now())
            ON CONFLICT (youtube_id) DO UPDATE SET title = excluded.title
            """)
        let known = try await tx.value(
            "SELECT id FROM channels WHERE youtube_id = \(youtubeID)", as: ChannelID.self)
        guard let id = known else { throw ChannelVanished() }
        try await tx.execute(
            """
            INSERT INTO channel_listings (channel_id, handle, state, created_at, updated_at)
            VALUES (\(id), \(handle?.lowercased()), \(State.listing), now(), now())
            ON CONFLICT (channel_id) DO UPDATE SET handle = coalesce(excluded.handle, channel_listings.handle),
                updated_at = now()
            """)
        return id
    }

    /// Has the channel kept up to date for somebody.
    static func follow(_ channel: ChannelID, owner: String, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            INSERT INTO channel_followers (channel_id, owner, since) VALUES (\(channel), \(owner), now())
            ON CONFLICT (channel_id, owner) DO NOTHING
            """)
    }

    /// Channels that somebody follows, in the order of their ids.
    static func followed(after cursor: ChannelID?, limit: Int, on db: some SQLRunner) async throws -> [ChannelID] {
        try await db.values(
            """
            SELECT DISTINCT channel_id FROM channel_followers WHERE channel_id > \(cursor ?? .lowest)
            ORDER BY channel_id LIMIT \(limit)
            """, as: ChannelID.self)
    }

    /// Channels whose listing has not come to its end, and for which nothing waits or runs: after a move from another
    /// database.
    static func orphans(limit: Int, on db: some SQLRunner) async throws -> [ChannelID] {
        try await db.values(
            """
            SELECT l.channel_id FROM channel_listings l
            WHERE l.state IN ('listing', 'indexing') AND NOT EXISTS (
                SELECT 1 FROM jobs j WHERE j.kind = \(ListChannelJob.kind) AND j.subject = CAST(l.channel_id AS TEXT))
            ORDER BY l.channel_id LIMIT \(limit)
            """, as: ChannelID.self)
    }

    /// Begins a listing for a job; one that the job has begun already goes on.
    static func begin(_ job: JobID, of channel: ChannelID, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            UPDATE channel_listings SET state = \(State.listing), job_id = \(job), page_token = NULL, listed = 0,
                pages = 0, error = NULL, updated_at = now()
            WHERE channel_id = \(channel) AND (job_id IS NULL OR job_id <> \(job))
            """)
    }

    /// Has the listing of a job that was given up begin again.
    static func reopen(_ channel: ChannelID, for job: JobID, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            UPDATE channel_listings SET state = \(State.listing), page_token = NULL, listed = 0, pages = 0, error = NULL,
                updated_at = now()
            WHERE channel_id = \(channel) AND job_id = \(job)
            """)
    }

    /// Begins the listing of the job from the first page again: the token of a page is not known any more.
    static func restart(_ job: JobID, of channel: ChannelID, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            UPDATE channel_listings SET page_token = NULL, listed = 0, pages = pages + 1, updated_at = now()
            WHERE channel_id = \(channel) AND job_id = \(job) AND state = \(State.listing)
            """)
    }

    /// Writes down that a page is done.
    ///
    /// - Parameter token: that of the next page; nil where the list is at its end: then `State.indexing` follows.
    static func turnPage(
        of channel: ChannelID, job: JobID, next token: String?, listed: Int, on tx: some SQLRunner
    ) async throws {
        let state: State = token == nil ? .indexing : .listing
        try await tx.execute(
            """
            UPDATE channel_listings SET state = \(state), page_token = \(token), listed = \(listed), pages = pages + 1,
                listed_at = CASE WHEN \(token == nil) THEN now() ELSE listed_at END, updated_at = now()
            WHERE channel_id = \(channel) AND job_id = \(job)
            """)
    }

    /// Ends what a job has done for a channel. One that was given up before it began ends what it was to do: as long as
    /// it is there, the channel has no other.
    static func settle(
        _ channel: ChannelID, job: JobID, as state: State, error: String?, on tx: some SQLRunner
    ) async throws {
        try await tx.execute(
            """
            UPDATE channel_listings SET state = \(state), job_id = \(job), error = \(error), page_token = NULL,
                updated_at = now()
            WHERE channel_id = \(channel)
                AND (job_id = \(job) OR state IN (\(State.listing), \(State.indexing)))
            """)
    }

    /// Writes down that new videos were looked for.
    static func markChecked(
        _ channel: ChannelID, etag: String?, modified: String?, on tx: some SQLRunner
    ) async throws {
        try await tx.execute(
            """
            UPDATE channel_listings SET checked_at = now(), feed_etag = \(etag), feed_modified = \(modified),
                updated_at = now()
            WHERE channel_id = \(channel)
            """)
    }
}

/// A channel that was deleted while it was written down.
struct ChannelVanished: Error, CustomStringConvertible {
    var description: String { "The channel was deleted meanwhile." }
}
