internal import Foundation

/// Makes a ``ProviderError`` of an answer whose status is not a success.
enum EndpointFailure {
    /// The headers that say when to come back.
    struct Headers: Sendable {
        var retryAfterMilliseconds: String?
        var retryAfter: String?
        var date: String?
    }

    private struct Body: Decodable {
        struct Failure: Decodable {
            var message: String?
            var type: String?
            var code: String?

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Key.self)
                message = try? container.decode(String.self, forKey: .message)
                type = try? container.decode(String.self, forKey: .type)
                // Some servers send the status here, as a number.
                code = try? container.decode(String.self, forKey: .code)
            }

            enum Key: CodingKey { case message, type, code }
        }

        var error: Failure
    }

    /// The error for `status` with the body `bytes`; `secret` is struck out of what is kept of the body.
    static func error(status: Int, headers: Headers, body bytes: [UInt8], secret: String?) -> ProviderError {
        let body = (try? JSONDecoder().decode(Body.self, from: Data(bytes)))?.error
        let kind = kind(status, body)
        var detail = body?.message ?? String(decoding: bytes.prefix(ProviderError.maximumDetail), as: UTF8.self)
        if let secret, !secret.isEmpty { detail = detail.replacingOccurrences(of: secret, with: "[key]") }
        let wait = RetryHint.wait(
            milliseconds: headers.retryAfterMilliseconds, retryAfter: headers.retryAfter, date: headers.date,
            message: body?.message)
        return ProviderError(kind, reason(kind, status), detail: detail, status: status, retryAfter: wait)
    }

    private static func kind(_ status: Int, _ body: Body.Failure?) -> ProviderError.Kind {
        if body?.code == "insufficient_quota" || body?.type == "insufficient_quota" { return .quotaExhausted }
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

    private static func reason(_ kind: ProviderError.Kind, _ status: Int) -> String {
        switch kind {
        case .quotaExhausted: "The account of the embeddings endpoint has no credit left."
        case .unauthorised: "The embeddings endpoint does not accept the key."
        case .notFound: "The embeddings endpoint does not know the model or the address."
        case .rateLimited: "The embeddings endpoint asks for fewer requests."
        case .unavailable: "The embeddings endpoint failed (HTTP \(status))."
        case .refused: "The embeddings endpoint refused the request (HTTP \(status))."
        default: "The embeddings endpoint gave an unexpected answer (HTTP \(status))."
        }
    }
}
