package import Database

/// What is wanted of the library as a whole by whoever looks after it.
package struct LibraryState: Sendable, Hashable {
    package var videos: Int
    package var passages: Int
    /// Transcripts that wait for their index.
    package var pending: Int
    /// Transcripts whose index was given up.
    package var failed: Int
    /// The last error of one that was given up.
    package var lastError: String?
    /// Ready videos without vectors of the model that was asked about.
    package var withoutVectors: Int
}

extension LibraryState: RowDecodable {
    package init(row: Row) throws {
        videos = try row.decode("videos")
        passages = try row.decode("passages")
        pending = try row.decode("pending")
        failed = try row.decode("failed")
        lastError = try row.decode("last_error")
        withoutVectors = try row.decode("without_vectors")
    }
}

extension LibraryState {
    /// - Parameter model: the name of the embedding model that is configured; '' by words alone.
    package static func get(model: String, on db: some SQLRunner) async throws -> LibraryState? {
        let failed = PendingIngest.Stage.failed
        return try await db.first(
            """
            SELECT (SELECT count(*) FROM videos) AS videos, (SELECT count(*) FROM passages) AS passages,
                (SELECT count(*) FROM ingests WHERE stage <> \(failed)) AS pending,
                (SELECT count(*) FROM ingests WHERE stage = \(failed)) AS failed,
                (SELECT last_error FROM ingests WHERE stage = \(failed) ORDER BY updated_at DESC LIMIT 1) AS last_error,
                (SELECT count(*) FROM videos v WHERE v.state = 'ready' AND NOT EXISTS
                    (SELECT 1 FROM segments s WHERE s.video_id = v.id AND s.model = \(model))) AS without_vectors
            """, as: LibraryState.self)
    }
}
