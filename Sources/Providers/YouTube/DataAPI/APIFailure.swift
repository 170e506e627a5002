internal import Foundation

/// Makes an error of what the Data API says instead of an answer.
struct APIFailure {
    /// As it stands in sentences, behind "the".
    static let name = "YouTube Data API"

    private let answer: YouTubeAnswer
    private let body: Body
    private let key: Secret

    init(_ answer: YouTubeAnswer, key: Secret) {
        self.answer = answer
        self.key = key
        body = (try? JSONDecoder().decode(Envelope.self, from: Data(answer.body)))?.error ?? Body()
    }

    /// ``YouTubeAPIError`` or ``ProviderError``.
    func error(now: Date) -> any Error {
        for reason in body.reasons {
            if let error = apiError(reason, now) { return error }
        }
        for reason in body.reasons {
            if let (kind, text) = Self.meaning(of: reason) {
                return ProviderError(
                    kind, text, detail: detail, status: answer.status, retryAfter: answer.error(Self.name).retryAfter)
            }
        }
        // An older way of saying that the key is wrong.
        if answer.status == 400, body.message?.lowercased().contains("api key") == true {
            return ProviderError(.unauthorised, Self.badKey, detail: detail, status: answer.status)
        }
        return answer.error(Self.name, detail: detail)
    }

    private func apiError(_ reason: String, _ now: Date) -> YouTubeAPIError? {
        switch reason {
        case "quotaExceeded", "dailyLimitExceeded": .quotaExceeded(resetsAt: QuotaReset.next(after: now))
        // Newer projects are told of the end of a day's units in the words for too many requests a minute.
        case "rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED":
            body.isDaily ? .quotaExceeded(resetsAt: QuotaReset.next(after: now)) : nil
        case "playlistNotFound": .playlistNotFound
        case "playlistForbidden", "playlistItemsNotAccessible": .playlistForbidden
        case "channelNotFound": .channelNotFound
        case "channelClosed", "accountClosed": .channelClosed
        case "channelSuspended", "accountSuspended", "accountTerminated": .channelSuspended
        case "invalidPageToken": .pageTokenRefused
        default: nil
        }
    }

    private static func meaning(of reason: String) -> (ProviderError.Kind, String)? {
        switch reason {
        case "rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED":
            (.rateLimited, "The \(name) asks for fewer requests.")
        case "keyInvalid", "keyExpired", "API_KEY_INVALID", "dailyLimitExceededUnreg": (.unauthorised, badKey)
        case "accessNotConfigured", "SERVICE_DISABLED":
            (.unauthorised, "The \(name) is not switched on for the project of the key.")
        case "ipRefererBlocked", "API_KEY_IP_ADDRESS_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED",
            "API_KEY_SERVICE_BLOCKED", "API_KEY_ANDROID_APP_BLOCKED", "API_KEY_IOS_APP_BLOCKED":
            (.unauthorised, "The key may not be used from this address, or not for the \(name).")
        case "backendError", "internalError", "processingFailure": (.unavailable, "The \(name) failed.")
        default: nil
        }
    }

    private static let badKey = "The \(name) does not accept the key."

    /// What it said, for the log.
    private var detail: String {
        let reasons = body.reasons.isEmpty ? "" : " [\(body.reasons.joined(separator: ", "))]"
        return key.struckOut(of: (body.message ?? answer.beginning) + reasons)
    }

    // MARK: The body

    private struct Envelope: Decodable {
        var error: Body
    }

    /// `{"error":{…}}`, or `{"error":"…"}`.
    private struct Body: Decodable {
        var message: String?
        /// The most particular first.
        var reasons: [String] = []
        private var limits: [String] = []

        init() {}

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                message = text
                return
            }
            let fields = try decoder.container(keyedBy: Key.self)
            message = try? fields.decode(String.self, forKey: .message)
            let errors = (try? fields.decode([Item].self, forKey: .errors)) ?? []
            let details = (try? fields.decode([Item].self, forKey: .details)) ?? []
            reasons = (errors + details).compactMap(\.reason)
            limits = details.compactMap { $0.metadata?.quota_limit }
        }

        /// Whether the limit that was reached is one of a day.
        var isDaily: Bool {
            (limits + [message ?? ""]).contains { $0.contains("PerDay") || $0.lowercased().contains("per day") }
        }

        private enum Key: CodingKey { case message, errors, details }
    }

    private struct Item: Decodable {
        var reason: String?
        var metadata: Metadata?
    }

    private struct Metadata: Decodable {
        var quota_limit: String?
    }
}
