internal import Hummingbird

extension API {
    /// `POST /v1/chat/completions`
    func createChatCompletion(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let body = try await request.json(ChatCompletionRequest.self)
        let run = try await begin(body.question(of: context.caller))
        let completion = ChatCompletion(run: run.id, model: body.model)
        if body.stream == true {
            let rendering = OpenAIRendering(completion, asksForUsage: body.stream_options?.include_usage == true)
            return try await stream(run.id, as: rendering, to: request, context)
        }
        return try await lastOnConnection(request, context) { [request] in
            try await completion.response(whole(run, request))
        }
    }
}
