internal import HTTPTypes
internal import Hummingbird

extension API {
    /// `POST /api/chat/stream`: the answer as it is made.
    func streamAnswer(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        return try await stream(request.json(ChatRequest.self), request, context)
    }

    /// `POST /api/chat/channel/stream`: the same about a channel.
    func streamChannelAnswer(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let body = try await request.json(ChatRequest.self)
        guard body.channelId != nil else { throw Problem.invalid("channelId is missing.") }
        return try await stream(body, request, context)
    }

    /// `POST /api/chat`: the answer in one piece. A client that leaves stops it.
    func answer(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let question = try await question(request.json(ChatRequest.self), of: context.caller)
        let run = try await begin(question)
        return try await whole(run, request).response(session: run.session, run: run.id)
    }

    /// The answer of a run, for one who waits for all of it.
    ///
    /// The connection is watched for its end, so it can't carry another request: `lastOnConnection` says so.
    func whole(_ run: Ask.Run, _ request: Request) async throws -> WholeAnswer {
        try await request.body.consumeWithCancellationOnInboundClose { _ in
            var answer = WholeAnswer()
            try await runs.answer(run) { answer.add($0) }
            return answer
        }
    }

    /// Stores the question, so that what is wrong with it is a problem, and begins its run.
    func begin(_ question: Question) async throws -> Ask.Run {
        try await runs.start { try await ask.begin(question) }
    }

    private func stream(_ body: ChatRequest, _ request: Request, _ context: APIContext) async throws -> Response {
        let format = try StreamFormat(askedBy: request) ?? .native
        let run = try await begin(question(body, of: context.caller))
        return try await stream(run.id, as: format, to: request, context)
    }

    /// A run's events as they come, after those that the client has.
    func stream(
        _ run: RunID, after number: Int = 0, as format: StreamFormat, to request: Request, _ context: APIContext
    ) async throws -> Response {
        try await stream(
            run, after: number, as: format.rendering(of: run), isNumbered: format.isNumbered, to: request, context)
    }

    /// - Parameter isNumbered: whether the rendering can begin in the middle.
    func stream(
        _ run: RunID, after number: Int = 0, as rendering: any AnswerRendering, isNumbered: Bool = false,
        to request: Request, _ context: APIContext
    ) async throws -> Response {
        let follower = try await follow(run, after: isNumbered ? number : 0, context)
        let answer = AnswerStream(
            follower: follower, rendering: rendering, skipped: isNumbered ? 0 : number, logger: context.logger)
        var response = EventStream(timing: streamTiming, context) { await answer.produce(into: $0) }
            .response(to: request)
        response.headers.append(contentsOf: rendering.headers)
        return response
    }
}
