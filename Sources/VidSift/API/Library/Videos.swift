internal import Database
internal import Hummingbird

extension API {
    /// `GET /api/videos`
    func listVideos(_ request: Request, _ context: APIContext) async throws -> Response {
        try await videos(in: nil, request)
    }

    /// `GET /api/channels/:id/videos`
    func listChannelVideos(_ request: Request, _ context: APIContext) async throws -> Response {
        let channel = try await namedChannel(context)
        return try await videos(in: channel.id, request)
    }

    private func videos(in channel: ChannelID?, _ request: Request) async throws -> Response {
        let query = try RequestQuery(request)
        let limit = try query.limit()
        let found = try await Video.list(in: channel, after: query.cursor(), limit: limit + 1, on: database)
        let page = ListPage(found, limit: limit)
        return .success { json in
            json.key("videos")
            json.array(page.entries) { $1.write(to: &$0) }
            json.field("cursor", page.cursor)
        }
    }

    /// `GET /api/videos/:id`
    func getVideo(_ request: Request, _ context: APIContext) async throws -> Response {
        let video = try await namedVideo(context)
        let fetch = try await VideoFetch.get(video.id, on: database)
        return .success { json in
            json.key("video")
            video.write(to: &json)
            if let fetch {
                json.key("fetch")
                fetch.write(to: &json)
            }
        }
    }

    /// `DELETE /api/videos/:id`
    func deleteVideo(_ request: Request, _ context: APIContext) async throws -> Response {
        let video = try await Video.only(context.pathID(), on: database)
        guard try await database.transaction({ try await Video.delete(video.id, on: $0) }) else {
            throw AskError.noSuchVideo(video.id.description)
        }
        return .success { json in
            json.field("id", video.id.description)
            json.field("youtubeId", video.youtubeID)
        }
    }
}
