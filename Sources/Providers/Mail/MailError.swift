/// Why a message could not be sent, or not be known to be sent: whether trying again can help, and whether it may
/// already be on its way.
public struct MailError: Error, Sendable, Equatable {
    /// The kinds of failure.
    public enum Kind: Sendable, Hashable {
        /// No mail is configured.
        case notConfigured
        /// The settings can't be used: a URL, a certificate file.
        case invalidSettings
        /// The message itself is wrong: an address that is none, a line break in a header.
        case invalidMessage
        /// There is no such mailbox, or it takes no mail.
        case recipientRefused
        /// The other side refuses the message for another reason.
        case refused
        /// The login or the key is wrong, missing, or not allowed to send this.
        case unauthorised
        /// The connection could not be encrypted, or its other end could not prove who it is.
        case insecure
        /// The mail server asks to come back later (4xx: greylisting, a full disk, too many connections).
        case deferred
        /// The mail service asks for fewer requests.
        case rateLimited
        /// The account may send no more for now.
        case quotaExhausted
        /// No connection, or it ended too early.
        case connection
        /// The other side was too slow.
        case timeout
        /// The mail service failed (HTTP 5xx).
        case unavailable
        /// What the other side says is not its protocol.
        case invalidResponse
        /// The mailer was closed.
        case closed
    }

    /// Whether the message was taken.
    public enum Acceptance: Sendable, Hashable {
        /// No: sending again can't deliver it twice.
        case no
        /// It was handed over and the answer was lost: sending again may deliver it twice. It has the same Message-ID
        /// each time, by which some receivers can tell.
        case unknown
        /// As ``unknown``, but the other side recognises a repetition (for 24 hours), so sending again is harmless.
        case unknownButRepeatable
    }

    /// The kind of failure.
    public let kind: Kind
    /// Whether the message was taken all the same.
    public let acceptance: Acceptance
    /// One sentence that is safe to show to a person: no secret, no text of the other side's.
    public let reason: String
    /// What the other side said, for the log: one line, never with a secret.
    public let detail: String?
    /// The SMTP reply code or the HTTP status, where there was one.
    public let code: Int?
    /// The enhanced status code (RFC 3463), such as `5.1.1`, where there was one.
    public let enhancedCode: String?
    /// How long the other side asked to wait before another try.
    public let retryAfter: Duration?

    /// Creates an error; `detail` becomes one line of at most ``ProviderError/maximumDetail`` characters.
    public init(
        _ kind: Kind, _ reason: String, acceptance: Acceptance = .no, detail: String? = nil, code: Int? = nil,
        enhancedCode: String? = nil, retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.acceptance = acceptance
        self.reason = reason
        self.detail = detail.map { OneLine.of($0, limit: ProviderError.maximumDetail) }
        self.code = code
        self.enhancedCode = enhancedCode
        self.retryAfter = retryAfter
    }

    /// Whether the same message may be taken later. Look at ``acceptance`` before sending it again.
    public var isRetryable: Bool {
        switch kind {
        case .deferred, .rateLimited, .quotaExhausted, .connection, .timeout, .unavailable, .invalidResponse, .closed:
            true
        // An expired certificate gets renewed: mail servers, too, defer what they can't send encrypted.
        case .insecure: true
        case .notConfigured, .invalidSettings, .invalidMessage, .recipientRefused, .refused, .unauthorised: false
        }
    }
}

extension MailError: CustomStringConvertible, CustomDebugStringConvertible {
    /// Safe to show.
    public var description: String { reason }

    /// Complete, for the log.
    public var debugDescription: String {
        var text = "\(kind): \(reason)"
        if acceptance != .no { text += " [may have been sent]" }
        if let code { text += " [\(code)\(enhancedCode.map { " \($0)" } ?? "")]" }
        if let retryAfter { text += " [retry after \(retryAfter)]" }
        if let detail { text += " — \(detail)" }
        return text
    }
}

extension MailError {
    /// The error about a message that can't be sent as it is.
    static func invalidMessage(_ reason: String) -> MailError { MailError(.invalidMessage, reason) }

    /// The same error about a message that had been handed over.
    func withUnknownAcceptance() -> MailError {
        MailError(
            kind, reason, acceptance: .unknown, detail: detail, code: code, enhancedCode: enhancedCode,
            retryAfter: retryAfter)
    }
}

/// Words of the other side's, made fit for a log or a page: one line, without control characters.
enum OneLine {
    static func of(_ text: String, limit: Int) -> String {
        var line = ""
        var count = 0
        var wantsSpace = false
        for character in text {
            if character.isWhitespace || character.unicodeScalars.allSatisfy({ isUnprintable($0) }) {
                wantsSpace = !line.isEmpty
                continue
            }
            guard count + (wantsSpace ? 1 : 0) < limit else { return line + "…" }
            if wantsSpace { line += " " }
            count += wantsSpace ? 1 : 0
            wantsSpace = false
            // A character may have others on it without end.
            line.unicodeScalars.append(contentsOf: character.unicodeScalars.prefix(8).filter { !isUnprintable($0) })
            count += 1
        }
        return line
    }

    /// Control and formatting characters: what moves the cursor, or turns the direction of what follows.
    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
