internal import Captions
internal import Hummingbird

extension API {
    /// `GET /api/videos/:id/summary`
    func getSummary(_ request: Request, _ context: APIContext) async throws -> Response {
        let video = try await namedVideo(context)
        let summaries = VideoSummaries(database: database, model: ask.chat, logger: context.logger)
        let summary = try await summaries.summary(of: video)
        return .success { summary.write(of: retriever.reference(to: video), to: &$0) }
    }
}

extension VideoSummary {
    /// Writes the fields of a summary into an object that is open.
    fileprivate func write(of video: VideoReference, to json: inout JSONWriter) {
        json.field("videoId", video.id.description)
        json.field("youtubeId", video.youtubeID)
        json.field("summary", body)
        // Null where the speakers' own sentences were chosen.
        json.field("model", model.isEmpty ? nil : model)
        json.key("chapters")
        json.array(chapters) { json, chapter in
            let start = MediaTime(milliseconds: chapter.start)
            json.object { json in
                json.field("title", chapter.title)
                json.field("start", start.seconds)
                json.field("timestamp", start.timestamp)
                json.field("url", video.url(at: start))
            }
        }
    }
}
