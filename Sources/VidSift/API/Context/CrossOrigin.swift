internal import Hummingbird

/// Lets the pages of `ALLOWED_ORIGINS` read the answers (CORS).
struct CrossOrigin: RouterMiddleware {
    let allowedOrigins: Set<String>

    /// Seconds for which a browser remembers what it was allowed.
    private static let maximumAge = "600"

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], allowedOrigins.contains(CallingPage.normalised(origin)) else {
            return try await next(request, context)
        }
        var response =
            isPreflight(request) ? Response(status: .noContent, headers: permissions) : try await next(request, context)
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] = "x-request-id, retry-after"
        response.headers[.vary] = "Origin"
        return response
    }

    private func isPreflight(_ request: Request) -> Bool {
        request.method == .options && request.headers[.accessControlRequestMethod] != nil
    }

    private var permissions: HTTPFields {
        [
            .accessControlAllowMethods: "GET, HEAD, POST, DELETE",
            .accessControlAllowHeaders: "content-type, authorization, last-event-id, x-stream-format, idempotency-key",
            .accessControlMaxAge: Self.maximumAge,
        ]
    }
}
