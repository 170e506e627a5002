internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Makes a ``WebhookAttempt`` of an answer, and of what goes wrong before there is one.
enum WebhookFailure: Error, Sendable, Equatable {
    /// The receiver is where nothing is sent to.
    case notAllowed(IPRange)
    /// The delivery lacks something.
    case notComplete(String)

    // MARK: Answers

    static func attempt(_ response: HTTPClientResponse, excerpt: String) -> WebhookAttempt {
        let status = Int(response.status.code)
        let (outcome, reason) = outcome(status, wait: wait(response.headers))
        return WebhookAttempt(outcome: outcome, reason: reason, status: status, excerpt: excerpt)
    }

    private static func outcome(_ status: Int, wait: Duration?) -> (WebhookAttempt.Outcome, String) {
        switch status {
        case 200..<300: (.delivered, "Delivered.")
        case 410: (.gone, "The receiver wants no more webhooks (HTTP 410).")
        case 300..<400: (.failed(retryAfter: nil), "The receiver redirects (HTTP \(status)), which is not followed.")
        default: (.failed(retryAfter: wait), "The receiver did not take it (HTTP \(status)).")
        }
    }

    private static func wait(_ headers: HTTPHeaders) -> Duration? {
        RetryHint.wait(
            milliseconds: nil, retryAfter: headers.first(name: "retry-after"), date: headers.first(name: "date"),
            message: nil)
    }

    // MARK: No answer

    static func attempt(_ error: any Error) -> WebhookAttempt {
        let (outcome, reason) = outcome(error)
        return WebhookAttempt(outcome: outcome, reason: reason)
    }

    private static func outcome(_ error: any Error) -> (WebhookAttempt.Outcome, String) {
        let later = WebhookAttempt.Outcome.failed(retryAfter: nil)
        switch error {
        case WebhookFailure.notAllowed(let range):
            return (.refused, "The receiver is \(range.name), where webhooks are not sent to.")
        case WebhookFailure.notComplete(let what): return (.refused, "The webhook lacks \(what).")
        case HostLookup.Fault.notFound: return (later, "The receiver's name has no address.")
        case HostLookup.Fault.tookTooLong: return (later, "The receiver's name was not found in time.")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            return (later, "The connection could not be encrypted, or the receiver's certificate is not valid.")
        default: return (later, reason(error as? HTTPClientError))
        }
    }

    private static func reason(_ error: HTTPClientError?) -> String {
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            "The receiver could not be reached in time."
        case .readTimeout, .writeTimeout, .deadlineExceeded: "The receiver did not answer in time."
        case .remoteConnectionClosed: "The receiver ended the connection without an answer."
        default: "The connection to the receiver failed."
        }
    }
}
