package import Hummingbird

/// Finds the answer to each request in a task of its own, which gives back what it needed on its way. The task of the
/// connection, which would keep that, lives for as long as the answer is being sent.
package struct OwnTask<Responder: HTTPResponder>: HTTPResponder where Responder.Context: Sendable {
    let responder: Responder

    package func respond(to request: Request, context: Responder.Context) async throws -> Response {
        async let response = responder.respond(to: request, context: context)
        return try await response
    }
}
