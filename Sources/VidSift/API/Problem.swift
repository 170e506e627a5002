internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// A failure as a client sees it (RFC 9457).
struct Problem: Error, Sendable, Hashable {
    /// What a program can go by; never changes.
    enum Code: String, Sendable {
        case invalidRequest = "invalid_request"
        case forbidden
        case notFound = "not_found"
        case conflict
        case payloadTooLarge = "payload_too_large"
        case notReady = "not_ready"
        case upstreamUnavailable = "upstream_unavailable"
        case upstreamRejected = "upstream_rejected"
        case internalFailure = "internal"
    }

    var status: HTTPResponse.Status
    var code: Code
    /// For people; nothing of the inside.
    var detail: String
    /// Whether the same request may succeed later.
    var isRetryable = false
    /// How long to wait before that, where it is known.
    var retryAfter: Duration?
    /// The methods that the path knows, for 405.
    var allowedMethods: String?
}

extension Problem {
    static func invalid(_ detail: String) -> Problem {
        Problem(status: .badRequest, code: .invalidRequest, detail: detail)
    }

    static func forbidden(_ detail: String) -> Problem {
        Problem(status: .forbidden, code: .forbidden, detail: detail)
    }

    static func notFound(_ detail: String) -> Problem {
        Problem(status: .notFound, code: .notFound, detail: detail)
    }

    static func conflict(_ detail: String) -> Problem {
        Problem(status: .conflict, code: .conflict, detail: detail)
    }

    static func tooLarge(_ detail: String) -> Problem {
        Problem(status: .contentTooLarge, code: .payloadTooLarge, detail: detail)
    }

    /// Somebody else's service does not do its part at the moment.
    static func upstreamUnavailable(_ detail: String, retryAfter: Duration? = nil) -> Problem {
        Problem(
            status: .serviceUnavailable, code: .upstreamUnavailable, detail: detail, isRetryable: true,
            retryAfter: retryAfter)
    }

    static func methodNotAllowed(_ method: String, allowed: String) -> Problem {
        Problem(
            status: .methodNotAllowed, code: .invalidRequest,
            detail: "This address does not know \(method); it knows \(allowed).", allowedMethods: allowed)
    }

    /// What is our own fault is an error; what is the client's is of interest only to who looks for it.
    var logLevel: Logger.Level {
        switch code {
        case .internalFailure: .error
        case .notReady, .upstreamUnavailable, .upstreamRejected: .warning
        case .invalidRequest, .forbidden, .notFound, .conflict, .payloadTooLarge: .debug
        }
    }
}

extension Problem {
    func response(requestID: String) -> Response {
        var json = JSONWriter()
        json.object { json in
            json.field("type", "about:blank")
            json.field("title", status.reasonPhrase)
            json.field("status", status.code)
            json.field("detail", detail)
            json.field("code", code.rawValue)
            json.field("requestId", requestID)
            json.field("retryable", isRetryable)
            json.field("error", detail)
        }
        var response = Response(
            status: status, headers: [.contentType: "application/problem+json"],
            body: ResponseBody(byteBuffer: json.buffer))
        response.headers[.allow] = allowedMethods
        if let retryAfter {
            response.headers[.retryAfter] = String(max(1, Int((retryAfter / .seconds(1)).rounded(.up))))
        }
        return response
    }
}
