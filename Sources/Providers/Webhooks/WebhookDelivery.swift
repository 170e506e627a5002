/// One webhook to be sent: the same each time, but for the time it is signed at.
public struct WebhookDelivery: Sendable, Equatable {
    /// Where to.
    public var url: WebhookURL
    /// What the receiver knows a repetition by: the id of the event, not of the attempt. Letters, digits, `-`, `_`,
    /// `.`.
    public var id: String
    /// What has happened, such as `channel.ready`. Letters, digits, `-`, `_`, `.`.
    public var event: String
    /// The body, as JSON; it is signed and sent byte for byte.
    public var body: [UInt8]
    /// The secrets it is signed with: one, or two while one replaces the other.
    public var secrets: [Secret]

    /// Creates a delivery.
    public init(url: WebhookURL, id: String, event: String, body: [UInt8], secrets: [Secret]) {
        self.url = url
        self.id = id
        self.event = event
        self.body = body
        self.secrets = secrets
    }
}

/// What came of one attempt to deliver a webhook, for the delivery log and for deciding what is next.
public struct WebhookAttempt: Sendable, Equatable {
    /// What is next.
    public enum Outcome: Sendable, Hashable {
        /// It was taken (2xx).
        case delivered
        /// The receiver wants no more, ever (410): the webhook is to be switched off.
        case gone
        /// It may be taken later; `retryAfter` is what the receiver asked for, if it did.
        case failed(retryAfter: Duration?)
        /// It was not sent, and won't be until the URL or a setting is another: the address is not on the internet, the
        /// delivery is not complete.
        case refused
    }

    /// What is next.
    public var outcome: Outcome
    /// One sentence about it that is safe to show.
    public var reason: String
    /// The HTTP status, where there was an answer.
    public var status: Int?
    /// How long it took.
    public var duration: Duration
    /// The beginning of the answer's body: one line, without control characters; empty where there was none.
    public var excerpt: String

    /// Creates an attempt.
    public init(
        outcome: Outcome, reason: String, status: Int? = nil, duration: Duration = .zero, excerpt: String = ""
    ) {
        self.outcome = outcome
        self.reason = reason
        self.status = status
        self.duration = duration
        self.excerpt = excerpt
    }
}
