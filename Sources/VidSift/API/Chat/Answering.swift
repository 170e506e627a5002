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

    /// `POST /api/chat`: the answer in one piece.
    func answer(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let question = try await request.json(ChatRequest.self).question(of: context.caller)
        let run = try await ask.begin(question)
        var answer = WholeAnswer()
        try await ask.answer(run) { answer.add($0) }
        if let failure = answer.failure { throw failure }
        return .success { json in
            json.field("response", answer.text)
            json.key("citations")
            answer.citations.write(to: &json)
            json.field("sessionId", run.session.description)
            json.field("runId", run.id.description)
            json.field("answered", answer.reason == nil)
            if let reason = answer.reason { json.field("reason", reason.rawValue) }
        }
    }

    /// Stores the question, so that what is wrong with it is a problem, and then begins the stream.
    private func stream(_ body: ChatRequest, _ request: Request, _ context: APIContext) async throws -> Response {
        let run = try await ask.begin(body.question(of: context.caller))
        let answer = AnswerStream(ask: ask, run: run, logger: context.logger)
        return EventStream(timing: streamTiming, context) { await answer.produce(into: $0) }.response(to: request)
    }
}

/// The events of an answer, collected.
private struct WholeAnswer {
    var text = ""
    var citations: [Citation] = []
    var reason: AnswerEvent.Reason?
    var failure: Problem?

    mutating func add(_ event: AnswerEvent) {
        switch event {
        case .session, .sources, .citation: break
        case .content(let more): text += more
        case .done(let outcome):
            citations = outcome.citations
            reason = outcome.reason
        case .failed(let message, let code, let isRetryable):
            failure = Problem(failure: message, code: code, isRetryable: isRetryable)
        }
    }
}
