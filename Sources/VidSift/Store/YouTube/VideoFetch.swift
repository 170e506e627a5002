package import Database
package import Foundation

/// What was tried to get the words of a video of YouTube.
package struct VideoFetch: Sendable, Hashable {
    /// What came of it.
    package enum Outcome: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        /// Nothing yet.
        case wanted
        /// It is yet to come, or running: asked for again when it is over.
        case later
        /// It has captions, and they are here.
        case captions
        /// Another channel had it already: its index was copied.
        case linked
        /// Its sound was written down.
        case transcribed
        case noCaptions = "no_captions"
        /// It is private, removed, for members or adults only, or not to be had here.
        case unavailable
        /// Something else stood in the way, for good.
        case failed

        /// Whether its words are here.
        package var hasWords: Bool {
            switch self {
            case .captions, .linked, .transcribed: true
            case .wanted, .later, .noCaptions, .unavailable, .failed: false
            }
        }
    }

    package var videoID: VideoID
    package var outcome: Outcome
    /// Why, for people.
    package var reason: String?
    package var tries: Int
    package var triedAt: Date?
    package var publishedAt: Date?
    /// Since when its channel no longer has it.
    package var delistedAt: Date?
}

extension VideoFetch: RowDecodable {
    package init(row: Row) throws {
        videoID = try row.decode("video_id")
        outcome = try row.decode("outcome")
        reason = try row.decode("reason")
        tries = try row.decode("tries")
        triedAt = try row.decode("tried_at")
        publishedAt = try row.decode("published_at")
        delistedAt = try row.decode("delisted_at")
    }
}

extension VideoFetch {
    package static func get(_ video: VideoID, on db: some SQLRunner) async throws -> VideoFetch? {
        try await db.first(
            """
            SELECT video_id, outcome, reason, tries, tried_at, published_at, delisted_at FROM video_fetches
            WHERE video_id = \(video)
            """, as: VideoFetch.self)
    }

    /// Whether a video is still there and its words are wanted; it stays so until the transaction ends.
    static func isWanted(_ video: VideoID, in tx: some SQLRunner) async throws -> Bool {
        let outcome = try await tx.value(
            "SELECT outcome FROM video_fetches WHERE video_id = \(video) \(lock: .update(.waiting))", as: Outcome.self)
        return outcome == .wanted
    }

    /// Writes down what a video is called.
    static func entitle(_ video: VideoID, _ title: Title, on db: some SQLRunner) async throws {
        try await db.execute("UPDATE videos SET title = \(title), updated_at = now() WHERE id = \(video)")
    }

    /// Writes down what came of a try, for the video and the job that has tried.
    ///
    /// A video without words whose outcome is final has failed; one that is tried again is pending.
    static func record(
        _ outcome: Outcome, _ reason: String?, of video: VideoID, on tx: some SQLRunner
    ) async throws {
        try await tx.execute(
            """
            UPDATE video_fetches SET outcome = \(outcome), reason = \(reason), tries = tries + 1, tried_at = now(),
                updated_at = now()
            WHERE video_id = \(video)
            """)
        // A job that was done says so as well, and nothing of attempts before the last.
        try await tx.execute(
            """
            UPDATE jobs SET last_error = \(reason), updated_at = now()
            WHERE kind IN \(list: jobKinds) AND subject = \(video.description)
            """)
        // Nobody goes on listening.
        if outcome != .wanted { try await TranscribedPart.removeAll(of: video, on: tx) }
        guard !outcome.hasWords else { return }
        let state: Video.State = outcome == .wanted || outcome == .later ? .pending : .failed
        try await tx.execute(
            """
            UPDATE videos SET state = \(state), updated_at = now()
            WHERE id = \(video) AND state <> 'ready' AND state <> \(state)
                AND NOT EXISTS (SELECT 1 FROM ingests WHERE video_id = \(video))
            """)
    }

    /// What gets words, or finds out that there are none to be had.
    package static let jobKinds = [FetchVideoJob.kind, TranscribeVideoJob.kind]

    /// How many videos have no words, and are not tried again by themselves.
    package static func countGivenUp(on db: some SQLRunner) async throws -> Int {
        let count: SQL = "SELECT count(*) FROM video_fetches WHERE outcome IN ('no_captions', 'unavailable', 'failed')"
        return try await db.value(count, as: Int.self) ?? 0
    }

    /// Gives a video up whose outcome is not known yet: its job failed too often, or was cancelled.
    static func giveUp(_ video: VideoID, _ reason: String, on tx: some SQLRunner) async throws {
        guard try await isWanted(video, in: tx) else { return }
        try await record(.failed, reason, of: video, on: tx)
    }

    /// Has the words of a video wanted again that had to wait.
    ///
    /// - Returns: false where it is gone, or not waiting.
    static func want(_ video: VideoID, on tx: some SQLRunner) async throws -> Bool {
        try await tx.execute(
            """
            UPDATE video_fetches SET outcome = \(Outcome.wanted), updated_at = now()
            WHERE video_id = \(video) AND outcome = \(Outcome.later)
            """) > 0
    }

    /// Has the words of a video wanted that somebody asks for by itself, whatever came of it before. One that was removed
    /// from a channel comes back to it.
    ///
    /// - Returns: its row, made where there is none.
    static func wantSingle(_ youtubeID: String, on tx: some SQLRunner) async throws -> VideoID {
        let known = try await tx.value(
            """
            SELECT v.id FROM videos v JOIN video_fetches f ON f.video_id = v.id WHERE v.youtube_id = \(youtubeID)
            ORDER BY v.id LIMIT 1
            """, as: VideoID.self)
        guard let known else {
            let channel = try await DeletedVideo.forget(youtubeID, on: tx)
            let written = try await ListedVideo.write(
                [ListedVideo(youtubeID: youtubeID)], in: channel, listing: nil, on: tx)
            if let video = written.wanted.first { return video }
            // It came as a file, which has its words.
            let own = try await tx.value(
                "SELECT id FROM videos WHERE youtube_id = \(youtubeID) ORDER BY id LIMIT 1", as: VideoID.self)
            guard let own else { throw VideoVanished() }
            return own
        }
        try await wantAgain(known, on: tx)
        return known
    }

    /// Has the words of a video wanted that could not be had.
    static func wantAgain(_ video: VideoID, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            UPDATE video_fetches SET outcome = \(Outcome.wanted), reason = NULL, updated_at = now()
            WHERE video_id = \(video) AND outcome NOT IN ('captions', 'linked', 'transcribed')
            """)
        try await tx.execute(
            """
            UPDATE videos SET state = 'pending', updated_at = now()
            WHERE id = \(video) AND state = 'failed' AND EXISTS (
                SELECT 1 FROM video_fetches WHERE video_id = \(video) AND outcome = \(Outcome.wanted))
            """)
    }

    /// Another video row of the same video whose words were had from YouTube, and are searchable.
    static func twin(of video: VideoID, on db: some SQLRunner) async throws -> VideoID? {
        try await db.value(
            """
            SELECT o.id FROM videos v JOIN videos o ON o.youtube_id = v.youtube_id
                JOIN video_fetches f ON f.video_id = o.id
            WHERE v.id = \(video) AND o.id <> v.id AND o.state = 'ready'
                AND f.outcome IN ('captions', 'linked', 'transcribed')
            ORDER BY o.indexed_at DESC LIMIT 1
            """, as: VideoID.self)
    }

    /// Videos whose words are wanted and for which nothing waits or runs: after a move from another database.
    static func orphans(limit: Int, on db: some SQLRunner) async throws -> [VideoID] {
        try await db.values(
            """
            SELECT f.video_id FROM video_fetches f
            WHERE f.outcome IN ('wanted', 'later') AND NOT EXISTS (
                SELECT 1 FROM jobs j WHERE j.kind IN (\(FetchVideoJob.kind), \(TranscribeVideoJob.kind), \(AwaitVideoJob.kind))
                    AND j.subject = CAST(f.video_id AS TEXT))
            ORDER BY f.video_id LIMIT \(limit)
            """, as: VideoID.self)
    }
}

/// A video that was deleted while it was written down.
struct VideoVanished: Error, CustomStringConvertible {
    var description: String { "The video was deleted meanwhile." }
}
