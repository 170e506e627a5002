/// What sends mail: a mail server, a mail service, or nothing.
public protocol Mailer: Sendable {
    /// Sends one message, once; whether to try again is for the caller to say.
    ///
    /// - Throws: ``MailError``. `CancellationError` when the task was cancelled before the message was handed over;
    ///   when it was cancelled while the answer was awaited, a ``MailError`` whose acceptance is unknown.
    func send(_ message: MailMessage) async throws
    /// Lets go of what is held; later calls fail. Nothing to do for most.
    func close() async
}

extension Mailer {
    /// Nothing is held.
    public func close() async {}
}

/// Which way mail goes.
public enum MailService: Sendable {
    /// Nowhere.
    case none
    /// Through a mail server.
    case smtp(SMTPMailer.Configuration)
    /// Through Resend.
    case resend(ResendMailer.Configuration)

    /// What sends this way. Connects to nothing yet.
    ///
    /// - Throws: ``MailError`` of kind `invalidSettings`.
    public func mailer() throws -> any Mailer {
        switch self {
        case .none: MissingMailer()
        case .smtp(let configuration): try SMTPMailer(configuration)
        case .resend(let configuration): ResendMailer(configuration)
        }
    }
}

/// Stands where no mail is configured, and says so.
public struct MissingMailer: Mailer {
    /// Creates it.
    public init() {}

    /// Fails.
    public func send(_ message: MailMessage) async throws {
        throw MailError(.notConfigured, "No mail is configured: set SMTP_URL or RESEND_API_KEY, and MAIL_FROM.")
    }
}
