internal import HTTPTypes
internal import Hummingbird

extension API {
    /// Answers a request whose connection is watched for its end meanwhile. It can't carry another request then, and a
    /// failure has to say so, too: a client that used it again would wait for ever.
    func lastOnConnection(
        _ request: Request, _ context: APIContext, _ answer: () async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await answer()
        } catch {
            response = try await Problems().handle(request, context: context) { request, context in
                try await OpenAIErrors().handle(request, context: context) { _, _ in throw error }
            }
        }
        response.headers[.connection] = "close"
        return response
    }
}
