import Database
import Foundation

@testable import VidSift

/// Many recordings that wait, or were given up, and the statements that run on them.
enum LargeRecordings {
    static func fill(_ db: Database) async throws {
        let now = Date().sqlValue
        // A few in a thousand wait.
        try await db.insert(
            into: "recordings",
            columns: ["video_id", "checksum", "title", "bytes", "stage", "created_at", "updated_at"],
            rows: (0..<LargeLibrary.rows).lazy.map { number in
                let stage = number.isMultiple(of: 400) ? "accepted" : "failed"
                return [
                    LargeLibrary.video(number).sqlValue, "\(number)".sqlValue, "t".sqlValue, 1.sqlValue,
                    stage.sqlValue, now, now,
                ]
            })
        try await db.insert(
            into: "sound_pieces", columns: ["video_id", "position", "bytes"],
            rows: (0..<LargeLibrary.rows).lazy.map { number in
                [LargeLibrary.video(number).sqlValue, 0.sqlValue, [UInt8(1)].sqlValue]
            })
        try await db.insert(
            into: "transcribed_parts", columns: ["video_id", "position", "plan", "body"],
            rows: (0..<LargeLibrary.rows).lazy.map { number in
                [LargeLibrary.video(number).sqlValue, 0.sqlValue, "p".sqlValue, "{}".sqlValue]
            })
    }

    static func runStatements(on db: some SQLRunner) async throws {
        let video = LargeLibrary.video(7)
        let recording = Recording(videoID: video, checksum: "7", title: "t", bytes: 1, stage: .accepted)
        _ = try await Recording.get(video, on: db)
        _ = try await recording.isWanted(in: db)
        _ = try await Recording.adoptOrphans(limit: 10, on: db)
        _ = try await recording.accept(requester: "somebody", priority: .normal, on: db)
        try await TranscribedPart(position: 1, body: "{}").insert(of: video, plan: "p", on: db)
        _ = try await TranscribedPart.list(of: video, plan: "q", on: db)
        try await TranscribedPart.remove(from: 1, of: video, on: db)
        try await Recording.bury(video, error: "no", since: nil, on: db)
        try await Recording.remove(video, on: db)
    }
}
