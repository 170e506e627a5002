/// Makes a ``ProviderError`` of what an endpoint says instead of an answer.
enum EndpointFailure {
    /// The headers that say when to come back.
    struct Headers: Sendable {
        var retryAfterMilliseconds: String?
        var retryAfter: String?
        var date: String?
    }

    /// The error for an answer with a `status` that is not a success; `secret` is struck out of what is kept of its body.
    static func error(
        _ service: EndpointService, status: Int, headers: Headers, body bytes: [UInt8], secret: Secret?
    ) -> ProviderError {
        var body = EndpointErrorBody(bytes)
        body.status = status
        return error(service, status, headers, body, bytes, secret)
    }

    /// The error that came as an event of a stream, mapped as if it had come with its status.
    static func error(_ service: EndpointService, inStream bytes: [UInt8], secret: Secret?) -> ProviderError {
        let body = EndpointErrorBody(bytes)
        return error(service, status(of: body), Headers(), body, bytes, secret)
    }

    private static func error(
        _ service: EndpointService, _ status: Int, _ headers: Headers, _ body: EndpointErrorBody, _ bytes: [UInt8],
        _ secret: Secret?
    ) -> ProviderError {
        let kind = kind(status, body)
        // Cut further only when the key is struck out: half a key would stay.
        let words = body.message ?? String(decoding: bytes.prefix(4 * ProviderError.maximumDetail), as: UTF8.self)
        let wait = RetryHint.wait(
            milliseconds: headers.retryAfterMilliseconds, retryAfter: headers.retryAfter, date: headers.date,
            message: body.message)
        return ProviderError(
            kind, reason(kind, body.status, service.name), detail: secret?.struckOut(of: words) ?? words,
            status: body.status, retryAfter: wait)
    }

    private static func kind(_ status: Int, _ body: EndpointErrorBody) -> ProviderError.Kind {
        if quotaWords.contains(where: { $0 == body.code || $0 == body.type }) { return .quotaExhausted }
        // Another request had the same key: a repetition meets the same answer.
        if body.type == "invalid_idempotent_request" { return .refused }
        if [400, 413, 422].contains(status), saysContextIsFull(body) { return .contextExceeded }
        switch status {
        case 401, 403: return .unauthorised
        case 404: return .notFound
        case 402: return .quotaExhausted
        case 408, 409, 429: return .rateLimited
        case 500...: return .unavailable
        case 400..<500: return .refused
        default: return .invalidResponse
        }
    }

    private static let quotaWords = [
        "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "daily_quota_exceeded",
        "monthly_quota_exceeded",
    ]

    private static func saysContextIsFull(_ body: EndpointErrorBody) -> Bool {
        if body.code == "context_length_exceeded" || body.type == "exceed_context_size_error" { return true }
        let message = body.message?.lowercased() ?? ""
        return ["context length", "context size", "context window"].contains { message.contains($0) }
    }

    /// The status that an error in a stream would have come with.
    private static func status(of body: EndpointErrorBody) -> Int {
        if let status = body.status, (400..<600).contains(status) { return status }
        switch body.code ?? body.type {
        case "rate_limit_exceeded", "rate_limit_error": return 429
        case "invalid_api_key", "authentication_error", "permission_error": return 401
        case "model_not_found", "not_found_error": return 404
        case "context_length_exceeded", "exceed_context_size_error", "invalid_request_error": return 400
        default: return body.type == "invalid_request_error" ? 400 : 500
        }
    }

    private static func reason(_ kind: ProviderError.Kind, _ status: Int?, _ name: String) -> String {
        let mark = status.map { " (HTTP \($0))" } ?? ""
        return switch kind {
        case .quotaExhausted: "The account of the \(name) has no credit left."
        case .unauthorised: "The \(name) does not accept the key."
        case .notFound: "The \(name) does not know the model or the address."
        case .rateLimited: "The \(name) asks for fewer requests."
        case .unavailable: "The \(name) failed\(mark)."
        case .contextExceeded: "The request is longer than the context of the \(name)'s model."
        case .refused: "The \(name) refused the request\(mark)."
        default: "The \(name) gave an unexpected answer\(mark)."
        }
    }
}
