package import Database

/// All that one transaction writes when a video's index is ready.
struct VideoIndex: Sendable {
    var videoID: VideoID
    var channelID: ChannelID?
    var checksum: String
    var title: String
    var language: String?
    var durationMilliseconds: Int
    /// The transcript as JSON.
    var transcript: String
    var passages: [StoredPassage]
    var model: String
    var segment: [UInt8]
}

extension VideoIndex {
    /// Takes the accepted transcript out of what waits: from then on nobody can replace, accept or delete the video until
    /// the transaction ends. Whoever writes about a video's work touches `ingests` first and `jobs` second.
    ///
    /// - Returns: false, with nothing written, when the accepted content has changed or gone meanwhile.
    func takeAccepted(on tx: some SQLRunner) async throws -> Bool {
        try await tx.execute("DELETE FROM ingests WHERE video_id = \(videoID) AND checksum = \(checksum)") > 0
    }

    /// Replaces the video's transcript, passages and segment in the caller's transaction, which has taken the accepted
    /// transcript and ended the job.
    func replace(on tx: some SQLRunner) async throws {
        try await tx.execute("DELETE FROM passages WHERE video_id = \(videoID)")
        try await tx.execute("DELETE FROM segments WHERE video_id = \(videoID)")
        try await StoredPassage.insert(passages, channel: channelID, on: tx)
        try await tx.execute(
            """
            INSERT INTO segments (video_id, model, channel_id, bytes, created_at)
            VALUES (\(videoID), \(model), \(channelID), \(segment), now())
            """)
        try await tx.execute(
            """
            INSERT INTO transcripts (video_id, body) VALUES (\(videoID), \(transcript))
            ON CONFLICT (video_id) DO UPDATE SET body = excluded.body
            """)
        try await tx.execute(
            """
            UPDATE videos SET state = 'ready', checksum = \(checksum), title = \(title), language = \(language),
                duration_ms = \(durationMilliseconds), passages = \(passages.count), indexed_at = now(), updated_at = now()
            WHERE id = \(videoID)
            """)
        try await ScopeVersion.bump(channelID, on: tx)
    }
}

extension VideoIndex {
    /// Gives a video the index of another row of the same recording, so that nothing is fetched or embedded twice.
    ///
    /// - Returns: false, with nothing written, where either is gone or the one has no index.
    static func copy(
        from source: VideoID, to target: VideoID, in channel: ChannelID?, on tx: some SQLRunner
    ) async throws -> Bool {
        let changed = try await tx.execute(
            """
            UPDATE videos SET state = 'ready', checksum = s.checksum, title = s.title, language = s.language,
                duration_ms = s.duration_ms, passages = s.passages, indexed_at = now(), updated_at = now()
            FROM videos s WHERE videos.id = \(target) AND s.id = \(source) AND s.state = 'ready'
            """)
        guard changed > 0 else { return false }
        for table in ["passages", "segments", "transcripts"] {
            try await tx.execute("DELETE FROM \(unescaped: table) WHERE video_id = \(target)")
        }
        try await tx.execute(
            """
            INSERT INTO passages (video_id, channel_id, ordinal, start_ms, end_ms, first_cue, last_cue, chapter, body,
                sentences)
            SELECT v.id, v.channel_id, p.ordinal, p.start_ms, p.end_ms, p.first_cue, p.last_cue, p.chapter, p.body,
                p.sentences
            FROM passages p, videos v WHERE p.video_id = \(source) AND v.id = \(target)
            """)
        try await tx.execute(
            """
            INSERT INTO segments (video_id, channel_id, model, bytes, created_at)
            SELECT v.id, v.channel_id, s.model, s.bytes, now() FROM segments s, videos v
            WHERE s.video_id = \(source) AND v.id = \(target)
            """)
        try await tx.execute(
            """
            INSERT INTO transcripts (video_id, body)
            SELECT v.id, t.body FROM transcripts t, videos v WHERE t.video_id = \(source) AND v.id = \(target)
            """)
        try await ScopeVersion.bump(channel, on: tx)
        return true
    }
}

/// The stored form of a transcript.
package enum StoredTranscript {
    /// The transcript of a video as JSON, or nil when there is none yet.
    package static func get(_ video: VideoID, on db: some SQLRunner) async throws -> String? {
        try await db.value("SELECT body FROM transcripts WHERE video_id = \(video)", as: String.self)
    }

    /// Puts the transcripts of ready videos back to work that have no segment of the model; `PendingIngest.adoptOrphans`
    /// gives them their jobs.
    static func acceptOutdated(model: String, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            INSERT INTO ingests (video_id, checksum, title, transcript, stage, created_at, updated_at)
            SELECT v.id, v.checksum, v.title, t.body, \(PendingIngest.Stage.accepted), now(), now()
            FROM videos v JOIN transcripts t ON t.video_id = v.id
            WHERE v.state = 'ready'
                AND NOT EXISTS (SELECT 1 FROM segments s WHERE s.video_id = v.id AND s.model = \(model))
            ON CONFLICT (video_id) DO NOTHING
            """)
    }

    /// Puts a ready video's own transcript back to work, for a segment that can't be read.
    static func acceptAgain(_ video: VideoID, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            INSERT INTO ingests (video_id, checksum, title, transcript, stage, created_at, updated_at)
            SELECT v.id, v.checksum, v.title, t.body, \(PendingIngest.Stage.accepted), now(), now()
            FROM videos v JOIN transcripts t ON t.video_id = v.id WHERE v.id = \(video) AND v.checksum IS NOT NULL
            ON CONFLICT (video_id) DO NOTHING
            """)
        _ = try await NewJob(IndexVideoJob(video: video), priority: .high).enqueue(on: tx)
    }
}
