internal import Database
internal import Hummingbird
internal import Providers

/// A video that is to be had from YouTube.
private struct ProcessVideoRequest: Decodable {
    var videoId: String?
    var url: String?
    /// Refused: nobody is told of single videos.
    var email: String?
}

/// A channel or list that is to be had from YouTube, and kept up to date.
private struct ProcessChannelRequest: Decodable {
    var channelId: String?
    var url: String?
    var handle: String?
    var playlist: String?
    var limit: Int?
    /// Who is told how it ends.
    var email: String?
}

extension API {
    /// `POST /api/videos/process`: has a video's words fetched and indexed, once.
    func processVideo(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let body = try await request.json(ProcessVideoRequest.self)
        let reference = try Self.only([("videoId", body.videoId), ("url", body.url)])
        guard body.email == nil else {
            throw Problem.invalid("email: nobody is told by mail of a single video, only of channels and playlists.")
        }
        if let own = VideoID(reference), let video = try await Video.get(own, on: database) {
            guard let youtubeID = video.youtubeID.flatMap(YouTubeVideoID.init) else {
                throw Problem.conflict("This video is not from YouTube. `POST /api/queue/video` has it indexed again.")
            }
            return try await accept(youtubeID, context)
        }
        guard case .video(let id, _, _) = try YouTubeLink(reference) else {
            throw Problem.invalid(
                "This is a link to a channel or a playlist: `POST /api/channels/process` takes those. Expected a video's."
            )
        }
        return try await accept(id, context)
    }

    private func accept(_ id: YouTubeVideoID, _ context: APIContext) async throws -> Response {
        let accepted = try await youtube.accept(id, requester: context.caller.id)
        return .success(status: .accepted) { json in
            json.field("message", accepted.isReady ? "The video is there already." : "The video is being fetched.")
            json.field("videoId", accepted.video.description)
            json.field("youtubeId", id.rawValue)
            json.field("queueId", accepted.job?.description)
            if accepted.isReady { json.field("alreadyProcessed", true) }
        }
    }

    /// `POST /api/channels/process`: has a channel or list gone through and its videos indexed, and looks for new ones
    /// from then on.
    func processChannel(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let body = try await request.json(ProcessChannelRequest.self)
        let reference = try Self.only([
            ("channelId", body.channelId), ("url", body.url), ("handle", body.handle), ("playlist", body.playlist),
        ])
        if let limit = body.limit, limit < 1 { throw Problem.invalid("limit: expected a whole number from 1 on.") }
        let recipient = try body.email.map { try Self.address($0) }
        guard recipient == nil || youtube.sendsMail else {
            throw Problem.conflict(
                """
                email: this server sends no mail, so nobody could be told. It does with SMTP_URL or RESEND_API_KEY, and \
                MAIL_FROM. Nothing was begun: leave `email` out to begin.
                """)
        }
        let accepted = try await youtube.accept(
            try await link(reference), limit: body.limit, requester: context.caller.id, recipient: recipient)
        guard let channel = try await Channel.find(accepted.channel.description, on: database) else {
            throw AskError.noSuchChannel(reference)
        }
        // What is new shows once the list is read; until then whatever was known before is there, or not.
        let report = try await ChannelReport.get(channel.id, on: database)
        let isIndexed = accepted.isNew && report.indexed > 0 && report.open == 0
        return .success(status: .accepted) { json in
            json.field("message", Self.message(isNew: accepted.isNew, isIndexed: isIndexed))
            json.field("channelId", channel.id.description)
            json.field("youtubeId", channel.youtubeID)
            json.field("queueId", accepted.job.description)
            if isIndexed { json.field("alreadyIndexed", true) }
        }
    }

    private static func message(isNew: Bool, isIndexed: Bool) -> String {
        guard isNew else { return "The channel is being gone through already." }
        return isIndexed
            ? "What was known of the channel is searchable; its list is gone through for new videos."
            : "The channel is being gone through."
    }

    /// What an id of ours or a link leads to.
    private func link(_ reference: String) async throws -> YouTubeLink {
        guard let own = ChannelID(reference), let channel = try await Channel.find(own.description, on: database) else {
            return try YouTubeLink(reference)
        }
        guard let youtubeID = channel.youtubeID else {
            throw Problem.conflict("This channel is not from YouTube. `POST /api/queue/channel` has it indexed again.")
        }
        return try YouTubeLink(youtubeID)
    }

    /// The one field that is given.
    private static func only(_ fields: [(name: String, value: String?)]) throws -> String {
        let given = fields.compactMap(\.value)
        guard given.count == 1 else {
            let names = fields.map(\.name).joined(separator: ", ")
            throw Problem.invalid("Expected one of \(names), found \(given.isEmpty ? "none" : "\(given.count)").")
        }
        return given[0]
    }

    private static func address(_ text: String) throws -> String {
        do {
            return try MailAddress(text).description
        } catch let error as MailError {
            throw Problem.invalid("email: \(error)")
        }
    }
}
