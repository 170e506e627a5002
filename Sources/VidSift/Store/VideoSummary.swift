package import Database
internal import Foundation

/// What a video says in short, and where its chapters begin.
package struct VideoSummary: Sendable, Hashable {
    /// A part of a video.
    package struct Chapter: Sendable, Hashable, Codable {
        /// Where it begins, in milliseconds.
        package var start: Int
        package var title: String
    }

    package var videoID: VideoID
    /// The checksum of the transcript it was made of.
    package var transcript: String
    /// Which language model wrote it; '' where the speakers' own sentences were chosen.
    package var model: String
    /// Which one was asked; another one than `model` where it failed.
    package var wantedModel: String
    package var promptVersion: String
    package var body: String
    package var chapters: [Chapter]
}

extension VideoSummary: RowDecodable {
    package init(row: Row) throws {
        videoID = try row.decode("video_id")
        transcript = try row.decode("transcript")
        model = try row.decode("model")
        wantedModel = try row.decode("wanted_model")
        promptVersion = try row.decode("prompt_version")
        body = try row.decode("body")
        let chapters: String = try row.decode("chapters")
        self.chapters = try JSONDecoder().decode([Chapter].self, from: Data(chapters.utf8))
    }
}

extension VideoSummary {
    /// The checksum of a video's indexed transcript; nil where there is none.
    static func transcript(of video: VideoID, on db: some SQLRunner) async throws -> String? {
        let found = try await db.first(
            "SELECT checksum FROM videos WHERE id = \(video) AND state = 'ready'", as: Checksum.self)
        return found?.checksum
    }

    private struct Checksum: RowDecodable {
        let checksum: String?
        init(row: Row) throws { checksum = try row.decode("checksum") }
    }

    /// The summary that a model wrote, or that was chosen where there is none; and for a while the one that stands in
    /// for a model that has failed.
    ///
    /// - Parameters:
    ///   - model: the one that is configured; '' for none.
    ///   - patience: how long a model that has failed is not asked again.
    static func current(
        of video: VideoID, model: String, promptVersion: String, patience: Duration, on db: some SQLRunner
    ) async throws -> VideoSummary? {
        try await db.first(
            """
            SELECT s.video_id, s.transcript, s.model, s.wanted_model, s.prompt_version, s.body, s.chapters
            FROM summaries s JOIN videos v ON v.id = s.video_id AND v.checksum = s.transcript
            WHERE s.video_id = \(video) AND s.prompt_version = \(promptVersion) AND s.wanted_model = \(model)
                AND (s.model = s.wanted_model OR s.created_at > seconds_from_now(\(-(patience / .seconds(1)))))
            """, as: VideoSummary.self)
    }

    /// Keeps the summary in the place of an earlier one.
    ///
    /// - Returns: false, with nothing written, when the video was removed or has another transcript by now.
    @discardableResult
    func keep(on db: some SQLRunner) async throws -> Bool {
        let chapters = String(decoding: try JSONEncoder().encode(chapters), as: UTF8.self)
        return try await db.execute(
            """
            INSERT INTO summaries
                (video_id, transcript, model, wanted_model, prompt_version, body, chapters, created_at)
            SELECT v.id, \(transcript), \(model), \(wantedModel), \(promptVersion), \(body), \(chapters), now()
            FROM videos v WHERE v.id = \(videoID) AND v.checksum = \(transcript)
            ON CONFLICT (video_id) DO UPDATE SET transcript = excluded.transcript, model = excluded.model,
                wanted_model = excluded.wanted_model, prompt_version = excluded.prompt_version, body = excluded.body,
                chapters = excluded.chapters, created_at = excluded.created_at
            """) > 0
    }
}
