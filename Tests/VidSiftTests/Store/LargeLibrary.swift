import Database
import Foundation
import TestDatabases

@testable import VidSift

/// A library with 100,000 rows in each table that grows, and the statements that run on it all day.
enum LargeLibrary {
    static let rows = 100_000
    static let channels = 2_000
    /// The tables in which no statement may look at each row.
    static let tables = [
        "videos", "ingests", "transcripts", "passages", "segments", "chat_sessions", "chat_messages",
        "processing_locks", "passage_search", "jobs", "job_archive", "job_attempts", "runs",
        "run_events", "summaries", "video_fetches", "channel_listings", "channel_followers", "mail_recipients",
        "deleted_videos", "list_pages", "recordings", "sound_pieces", "transcribed_parts",
    ]

    static func fill(_ database: Database) async throws {
        if database.kind == .postgres {
            // What it derives from segments is not what is looked at here, and would take minutes.
            try await database.execute("ALTER TABLE segments DISABLE TRIGGER segments_search")
        }
        for number in 0..<channels {
            try await database.execute(
                """
                INSERT INTO channels (id, youtube_id, title, created_at)
                VALUES (\(channel(number)), \(number.isMultiple(of: 2) ? "UC\(number)" : nil), \("c\(number)"), now())
                """)
        }
        try await fillVideos(database)
        try await fillConversations(database)
        try await LargeQueue.fill(database)
        try await LargeRuns.fill(database)
        try await LargeYouTube.fill(database)
        try await LargeNotices.fill(database)
        try await LargeRecordings.fill(database)
        try await database.execute("ANALYZE")
    }

    /// Each at its usual place in the program, with what is usual for it.
    static func runStatements(on db: some SQLRunner) async throws {
        try await runSearches(on: db)
        try await runLists(on: db)
        try await runWork(on: db)
        try await LargeQueue.runStatements(on: db)
        try await LargeRuns.runStatements(on: db)
        try await runConversations(on: db)
        try await runSummaries(on: db)
        try await LargeYouTube.runStatements(on: db)
        try await LargeNotices.runStatements(on: db)
        try await LargeRecordings.runStatements(on: db)
    }

    private static func runSearches(on db: some SQLRunner) async throws {
        let scopes: [Scope] = [.channel(channel(3)), .videos([video(1), video(2)])]
        for scope in scopes {
            _ = try await StoredSegment.list(in: scope, on: db)
            _ = try await StoredSegment.channels(of: scope, on: db)
            _ = try await Video.coverage(of: scope, on: db)
        }
        for name in [channel(3).description, ""] {
            _ = try await StoredSegment.list(channel: name, on: db)
            _ = try await StoredSegment.byteCount(channel: name, on: db)
        }
        _ = try await StoredSegment.load((0..<20).map(video), on: db)
        _ = try await ScopeVersion.of([channel(3).description, ""], on: db)
        _ = try await StoredPassage.get((0..<10).map { (video($0), 0) }, on: db)
        _ = try await StoredPassage.all(of: video(7), on: db)
        _ = try await StoredTranscript.get(video(7), on: db)
        _ = try await Video.get((0..<10).map(video), on: db)
    }

    private static func runLists(on db: some SQLRunner) async throws {
        _ = try await Video.list(after: nil, limit: 50, on: db)
        _ = try await Video.list(after: video(500), limit: 50, on: db)
        _ = try await Video.list(in: channel(3), after: video(500), limit: 50, on: db)
        _ = try await Video.find(video(5).description, on: db)
        _ = try await Video.find("stem-77", on: db)
        _ = try await Video.candidates("stem-77", limit: 5, on: db)
        _ = try await Video.get(video(5), on: db)
        _ = try await Channel.list(after: nil, limit: 50, on: db)
        _ = try await Channel.find("c3", on: db)
        for channel in [channel(3), nil] {
            for key in ["file:/3", "file:/unknown"] {
                let source = VideoSource(
                    key: key, sourceID: "s", youtubeID: nil, checksum: "sum-203", title: Title("t") ?? .untitled,
                    language: nil)
                _ = try await source.standing(in: channel, on: db)
            }
        }
    }

    private static func runWork(on db: some SQLRunner) async throws {
        _ = try await PendingIngest.checksum(of: video(9), on: db)
        _ = try await PendingIngest.get(video(9), on: db)
        _ = try await PendingIngest.accept(
            video(9), checksum: "c", title: "t", transcript: "{}", requester: "r", on: db)
        _ = try await PendingIngest.adoptOrphans(limit: 10, on: db)
        try await PendingIngest.bury(video(9), error: "e", since: nil, on: db)
        try await PendingIngest.revive(video(9), on: db)
        try await StoredTranscript.acceptAgain(video(8), on: db)
        let lock = try await ProcessingLock.acquire("work:x", holder: "h", for: .seconds(30), on: db)
        _ = try await lock?.renew(for: .seconds(30), on: db)
        _ = try await lock?.isHeld(in: db)
        try await lock?.release(on: db)
        _ = try await Video.delete(video(11), on: db)
        _ = try await Channel.delete(channel(12), on: db)
    }

    private static func runConversations(on db: some SQLRunner) async throws {
        _ = try await ChatMessage.list(of: session(3), limit: 50, offset: 10, on: db)
        try await ChatMessage.append(to: session(3), run: RunID(), role: .user, content: "?", on: db)
        _ = try await ChatSession.get(session(3), owner: "owner-3", on: db)
        _ = try await ChatSession.recent(owner: "owner-3", limit: 20, on: db)
        _ = try await ChatSession.delete(session(5), owner: "owner-5", on: db)
    }

    private static func runSummaries(on db: some SQLRunner) async throws {
        _ = try await VideoSummary.transcript(of: video(7), on: db)
        _ = try await VideoSummary.current(
            of: video(7), model: "m", promptVersion: "1", patience: .seconds(60), on: db)
        try await VideoSummary(
            videoID: video(7), transcript: "sum-7", model: "m", wantedModel: "m", promptVersion: "2", body: "s",
            chapters: []
        ).keep(on: db)
    }

    private static func fillVideos(_ db: Database) async throws {
        let now = Date().sqlValue
        try await db.insert(
            into: "videos",
            columns: [
                "id", "channel_id", "source_key", "source_id", "checksum", "title", "state", "created_at", "updated_at",
                "indexed_at",
            ],
            rows: (0..<rows).lazy.map { number in
                [
                    video(number).sqlValue, owner(number), "file:/\(number)".sqlValue, "stem-\(number)".sqlValue,
                    "sum-\(number)".sqlValue, "t".sqlValue, "ready".sqlValue, now, now, now,
                ]
            })
        try await db.insert(
            into: "transcripts", columns: ["video_id", "body"],
            rows: (0..<rows).lazy.map { [video($0).sqlValue, "{}".sqlValue] })
        try await db.insert(
            into: "passages",
            columns: [
                "video_id", "ordinal", "channel_id", "start_ms", "end_ms", "first_cue", "last_cue", "body", "sentences",
            ],
            rows: (0..<rows).lazy.map { number in
                [
                    video(number).sqlValue, 0.sqlValue, owner(number), 0.sqlValue, 1.sqlValue, 0.sqlValue, 0.sqlValue,
                    "words".sqlValue, "[]".sqlValue,
                ]
            })
        try await db.insert(
            into: "segments", columns: ["video_id", "model", "channel_id", "bytes", "created_at"],
            rows: (0..<rows).lazy.map {
                [video($0).sqlValue, "m".sqlValue, owner($0), [UInt8](repeating: 0, count: 64).sqlValue, now]
            })
        try await db.insert(
            into: "summaries",
            columns: [
                "video_id", "transcript", "model", "wanted_model", "prompt_version", "body", "chapters", "created_at",
            ],
            rows: (0..<rows).lazy.map { number in
                [
                    video(number).sqlValue, "sum-\(number)".sqlValue, "m".sqlValue, "m".sqlValue, "1".sqlValue,
                    "s".sqlValue, "[]".sqlValue, now,
                ]
            })
        try await db.insert(
            into: "ingests",
            columns: ["video_id", "checksum", "title", "transcript", "stage", "created_at", "updated_at"],
            rows: (0..<rows).lazy.map { number in
                let stage = number % 10 < 9 ? "accepted" : "failed"
                return [
                    video(number).sqlValue, "next-\(number)".sqlValue, "t".sqlValue, "{}".sqlValue, stage.sqlValue, now,
                    now,
                ]
            })
        try await db.insert(
            into: "processing_locks", columns: ["name", "holder", "fence", "acquired_at", "expires_at"],
            rows: (0..<rows).lazy.map { ["work:\(video($0))".sqlValue, "h".sqlValue, 1.sqlValue, now, now] })
    }

    private static func fillConversations(_ db: Database) async throws {
        let now = Date().sqlValue
        try await db.insert(
            into: "chat_sessions", columns: ["id", "owner", "scope", "title", "created_at", "updated_at"],
            rows: (0..<rows).lazy.map {
                [session($0).sqlValue, "owner-\($0 % 1000)".sqlValue, "{}".sqlValue, "t".sqlValue, now, now]
            })
        try await db.insert(
            into: "chat_messages",
            columns: ["id", "session_id", "run_id", "role", "content", "state", "created_at"],
            rows: (0..<rows).lazy.map { number in
                [
                    message(number).sqlValue, session(number % 1000).sqlValue, video(0).sqlValue, "user".sqlValue,
                    "?".sqlValue, "complete".sqlValue, now,
                ]
            })
    }

    /// One video in a hundred belongs to no channel.
    private static func owner(_ number: Int) -> SQLValue {
        number % 100 == 0 ? .null : channel(number % channels).sqlValue
    }

    static func channel(_ number: Int) -> ChannelID { id(1, number) }
    static func video(_ number: Int) -> VideoID { id(2, number) }
    static func session(_ number: Int) -> SessionID { id(3, number) }
    private static func message(_ number: Int) -> MessageID { id(4, number) }

    static func id<Entity>(_ kind: Int, _ number: Int) -> Identifier<Entity> {
        let digits = String(number, radix: 16)
        let text = "00000000-0000-7000-800\(kind)-" + String(repeating: "0", count: 12 - digits.count) + digits
        return Identifier(text) ?? .lowest
    }
}

extension DatabaseTemplate {
    /// The library's tables with 100,000 rows each.
    static let large = DatabaseTemplate(name: "large") { database in
        try await LibrarySchema.migrator(for: database).run(on: database)
        try await LargeLibrary.fill(database)
    }
}
