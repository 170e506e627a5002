/// What went wrong between the program and one of its models: what kind of failure, and whether trying again can help.
public struct ProviderError: Error, Sendable, Equatable {
    /// The kinds of failure, from the machine outwards.
    public enum Kind: Sendable, Hashable {
        /// The library or a model file is not there.
        case notInstalled
        /// The library is there, but it is not a version that the program can use.
        case incompatible
        /// A file is there, but its contents are not what they should be.
        case damaged
        /// The model was loaded and failed to compute.
        case computation
        /// The model was closed before or during the call.
        case closed
        /// No connection, or it ended before the answer did.
        case connection
        /// The endpoint was silent, or too slow.
        case timeout
        /// The endpoint asked for fewer requests (408, 409, 429).
        case rateLimited
        /// The account has no credit left: waiting does not help.
        case quotaExhausted
        /// The key is missing, wrong, or not allowed to do this (401, 403).
        case unauthorised
        /// No such model or address (404).
        case notFound
        /// What is asked, and the answer, are longer than the model's context.
        case contextExceeded
        /// The endpoint says that the request is wrong (other 4xx).
        case refused
        /// The endpoint failed (5xx).
        case unavailable
        /// The answer is not what was asked for: not JSON, cut short, a wrong count, a vector of zeros.
        case invalidResponse
        /// The vectors do not have the expected number of dimensions.
        case wrongDimensions
        /// A named limit of this program was exceeded.
        case tooLarge
    }

    /// The kind of failure.
    public let kind: Kind
    /// The HTTP status, where there was one.
    public let status: Int?
    /// How long the other side asked to wait before another try.
    public let retryAfter: Duration?
    /// One sentence that is safe to show to a person: no key, no text of theirs.
    public let reason: String
    /// What the other side said, for the log. Never holds a key.
    public let detail: String?

    /// Creates an error; `detail` is bounded to ``maximumDetail`` characters.
    public init(
        _ kind: Kind, _ reason: String, detail: String? = nil, status: Int? = nil, retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.reason = reason
        self.detail = detail.map { String($0.prefix(Self.maximumDetail)) }
        self.status = status
        self.retryAfter = retryAfter
    }

    /// The most characters of the other side's words that are kept.
    public static let maximumDetail = 500

    /// Whether the same request may succeed later.
    public var isRetryable: Bool {
        switch kind {
        case .connection, .timeout, .rateLimited, .unavailable: true
        case .notInstalled, .incompatible, .damaged, .computation, .closed: false
        case .quotaExhausted, .unauthorised, .notFound, .contextExceeded, .refused: false
        case .invalidResponse, .wrongDimensions, .tooLarge: false
        }
    }
}

extension ProviderError: CustomStringConvertible, CustomDebugStringConvertible {
    /// Safe to show.
    public var description: String { reason }

    /// Complete, for the log.
    public var debugDescription: String {
        var text = "\(kind): \(reason)"
        if let status { text += " [HTTP \(status)]" }
        if let retryAfter { text += " [retry after \(retryAfter)]" }
        if let detail { text += " — \(detail)" }
        return text
    }
}
