internal import Database
internal import Hummingbird

/// What a client says of a conversation that it begins.
private struct NewSession: Decodable {
    var videoId: String?
    var channelId: String?
    var title: String?
}

extension API {
    /// What a conversation is called until it has a first question.
    private static let untitled = "New conversation"

    /// `POST /api/chat/sessions`
    func createSession(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let body = try await request.json(NewSession.self)
        guard body.videoId == nil || body.channelId == nil else {
            throw Problem.invalid("Expected one of videoId and channelId, found both.")
        }
        var video: Video?
        var channel: Channel?
        if let reference = body.videoId { video = try await self.video(reference) }
        if let reference = body.channelId { channel = try await self.channel(reference) }
        let title = [body.title?.trimmed, video?.title, channel?.title].lazy.compactMap(\.self).first { !$0.isEmpty }
        let scope = video.map { Scope.videos([$0.id]) } ?? channel.map { .channel($0.id) } ?? .everything
        let session = try await database.transaction { [title] tx in
            let id = try await ChatSession.create(
                owner: context.caller.id, scope: scope, title: title ?? Self.untitled, on: tx)
            return try await ChatSession.get(id, owner: context.caller.id, on: tx)
        }
        guard let session else { throw AskError.noSuchSession }
        return .success { json in
            json.key("session")
            session.write(to: &json, youtubeID: video?.youtubeID ?? channel?.youtubeID)
        }
    }

    /// `GET /api/chat/sessions/:id/messages`
    func listMessages(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try RequestQuery(request)
        let limit = try query.limit()
        let offset = try query.integer("offset", in: 0...Int.max) ?? 0
        let session = try await namedSession(context)
        let messages = try await ChatMessage.list(of: session.id, limit: limit, offset: offset, on: database)
        return .success { json in
            json.key("messages")
            json.array(messages) { $1.write(to: &$0) }
        }
    }

    /// `DELETE /api/chat/sessions/:id`
    func deleteSession(_ request: Request, _ context: APIContext) async throws -> Response {
        let session = try await namedSession(context)
        guard try await ChatSession.delete(session.id, owner: context.caller.id, on: database) else {
            throw AskError.noSuchSession
        }
        return .success { $0.field("id", session.id.description) }
    }

    /// `GET /api/chat-sessions/recent`
    func recentSessions(_ request: Request, _ context: APIContext) async throws -> Response {
        let limit = try RequestQuery(request).limit()
        let sessions = try await ChatSession.recent(owner: context.caller.id, limit: limit, on: database)
        let videos = try await Video.get(sessions.compactMap(\.videoID), on: database)
        var channels: [ChannelID: Channel] = [:]
        for id in Set(sessions.compactMap(\.channelID)) {
            channels[id] = try await Channel.find(id.description, on: database)
        }
        return .success { json in
            json.key("sessions")
            json.array(sessions) { json, session in
                let video = session.videoID.flatMap { videos[$0] }
                let channel = session.channelID.flatMap { channels[$0] }
                session.write(to: &json, youtubeID: video?.youtubeID ?? channel?.youtubeID)
            }
        }
    }
}
