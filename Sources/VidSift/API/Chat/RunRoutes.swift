internal import HTTPTypes
internal import Hummingbird

extension API {
    /// `GET /api/chat/runs/:runId/stream`: what a client has missed of an answer, and the rest as it is made.
    func resumeAnswer(_ request: Request, _ context: APIContext) async throws -> Response {
        let format = try StreamFormat(askedBy: request) ?? .native
        return try await stream(
            try namedRun(context), after: try Self.lastEvent(request), as: format, to: request, context)
    }

    /// `POST /api/chat/runs/:runId/stop`
    func stopAnswer(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try namedRun(context)
        try await runs.stop(id, owner: context.caller.id)
        return .success { $0.field("runId", id.description) }
    }

    /// Reads a run; somebody else's is not there.
    func follow(_ run: RunID, after number: Int, _ context: APIContext) async throws -> RunFollower {
        try await runs.follow(run, owner: context.caller.id, after: number)
    }

    private func namedRun(_ context: APIContext) throws -> RunID {
        guard let id = RunID(try context.pathText("runId")) else { throw RunError.noSuchRun }
        return id
    }

    /// The number of the last event that the client has: a reader that connects again by itself says it in a header,
    /// while its address stays as it was.
    private static func lastEvent(_ request: Request) throws -> Int {
        let asked = try RequestQuery(request).integer("after", in: 0...Int.max)
        guard let name = HTTPField.Name("last-event-id"), let text = request.headers[name], !text.isEmpty else {
            return asked ?? 0
        }
        guard let number = Int(text), number >= 0 else {
            throw Problem.invalid("Last-Event-ID: expected the number of an event, found \(text.quotedForPeople).")
        }
        return number
    }
}
