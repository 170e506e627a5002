internal import Database

/// What was heard in a part of a video: written down as soon as it is there, and kept until all of it is, so that an
/// attempt that breaks off leaves nothing to be paid for twice.
struct TranscribedPart: Sendable, Hashable {
    /// Its place among the parts, from 0.
    var position: Int
    /// What was heard, as JSON.
    var body: String
}

extension TranscribedPart: RowDecodable {
    init(row: Row) throws {
        position = try row.decode("position")
        body = try row.decode("body")
    }
}

extension TranscribedPart {
    /// Writes a part down, once.
    ///
    /// - Parameter plan: the checksum of how the sound was cut.
    func insert(of video: VideoID, plan: String, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            INSERT INTO transcribed_parts (video_id, position, plan, body)
            VALUES (\(video), \(position), \(plan), \(body)) ON CONFLICT (video_id, position) DO NOTHING
            """)
    }

    /// The parts that are there, in order; what was heard under another plan goes.
    static func list(of video: VideoID, plan: String, on tx: some SQLRunner) async throws -> [TranscribedPart] {
        try await tx.execute("DELETE FROM transcribed_parts WHERE video_id = \(video) AND plan <> \(plan)")
        return try await tx.rows(
            "SELECT position, body FROM transcribed_parts WHERE video_id = \(video) ORDER BY position",
            as: TranscribedPart.self)
    }

    static func remove(from position: Int, of video: VideoID, on tx: some SQLRunner) async throws {
        try await tx.execute(
            "DELETE FROM transcribed_parts WHERE video_id = \(video) AND position >= \(position)")
    }

    static func removeAll(of video: VideoID, on tx: some SQLRunner) async throws {
        try await tx.execute("DELETE FROM transcribed_parts WHERE video_id = \(video)")
    }
}
