internal import Hummingbird

extension API {
    /// `POST /api/chat`: the answer in one piece, or as the stream that is asked for. Clients of the AI SDK call this
    /// address where they are told no other.
    func answerAsAsked(_ request: Request, _ context: APIContext) async throws -> Response {
        guard try StreamFormat(askedBy: request) == nil else { return try await streamAnswer(request, context) }
        return try await lastOnConnection(request, context) { try await answer(request, context) }
    }

    /// `GET /api/chat/:chatId/stream`: the answer that is being made, from its beginning; 204 where none is.
    func resumeChat(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let session = SessionID(try context.pathText("chatId")),
            let run = try await RunRecord.running(in: session, owner: context.caller.id, on: database)
        else { return Response(status: .noContent) }
        return try await stream(run, as: .aiSDK, to: request, context)
    }

    /// The question of a body; a chat that a client of the AI SDK calls by the id of a session of its own goes on with
    /// that session.
    func question(_ body: ChatRequest, of caller: Caller) async throws -> Question {
        var question = try body.question(of: caller)
        if question.session == nil, let id = body.id?.text.flatMap({ SessionID($0) }),
            try await ChatSession.get(id, owner: caller.id, on: database) != nil
        {
            question.session = id
            question.history = []
        }
        return question
    }
}
