import Database
import Foundation

@testable import VidSift

/// Rows in bulk, for tests of how tables move: nothing that could be searched.
enum ManyRows {
    @discardableResult
    static func addVideo(_ id: VideoID = VideoID(), to db: some SQLRunner) async throws -> VideoID {
        try await addVideos([id], to: db)
        return id
    }

    static func addVideos(_ ids: [VideoID], to db: some SQLRunner) async throws {
        let time = SQLValue.time(microseconds: 1_700_000_000_123_457)
        try await db.insert(
            into: "videos",
            columns: ["id", "source_key", "source_id", "title", "state", "created_at", "updated_at"],
            rows: ids.map { id in
                [id.sqlValue, "file:/\(id)".sqlValue, "stem".sqlValue, "t".sqlValue, "pending".sqlValue, time, time]
            })
    }

    static func addPassages(_ ordinals: Range<Int>, of video: VideoID, to db: some SQLRunner) async throws {
        try await db.insert(
            into: "passages",
            columns: ["video_id", "ordinal", "start_ms", "end_ms", "first_cue", "last_cue", "body", "sentences"],
            rows: ordinals.map { ordinal in
                let number = ordinal.sqlValue
                return [video.sqlValue, number, number, number, number, number, "words".sqlValue, "[]".sqlValue]
            })
    }

    static func addTranscript(of video: VideoID, _ text: String, to db: some SQLRunner) async throws {
        try await db.execute("INSERT INTO transcripts (video_id, body) VALUES (\(video), \(text))")
    }

    static func addSegment(of video: VideoID, model: String, bytes: Int, to db: some SQLRunner) async throws {
        let content = [UInt8](repeating: 0xA7, count: bytes)
        try await db.execute(
            """
            INSERT INTO segments (video_id, model, bytes, created_at)
            VALUES (\(video), \(model), \(content), now())
            """)
    }
}
