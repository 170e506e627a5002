internal import Database
internal import Hummingbird

extension API {
    /// `GET /api/channels`
    func listChannels(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try RequestQuery(request)
        let limit = try query.limit()
        let found = try await Channel.list(after: query.cursor(), limit: limit + 1, on: database)
        let page = ListPage(found, limit: limit)
        return .success { json in
            json.key("channels")
            json.array(page.entries) { $1.write(to: &$0) }
            json.field("cursor", page.cursor)
        }
    }

    /// `DELETE /api/channels/:id`
    func deleteChannel(_ request: Request, _ context: APIContext) async throws -> Response {
        let channel = try await namedChannel(context)
        guard try await database.transaction({ try await Channel.delete(channel.id, on: $0) }) else {
            throw AskError.noSuchChannel(channel.id.description)
        }
        return .success { json in
            json.field("id", channel.id.description)
            json.field("youtubeId", channel.youtubeID)
        }
    }
}
