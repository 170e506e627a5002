internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Makes a ``MailError`` of what a mail server says instead of going on, and of what happens to a connection.
enum SMTPFailure {
    /// What a server might repeat of a login: the password, and the forms in which it is sent.
    static func secrets(_ credentials: SMTPServer.Credentials?) -> [Secret] {
        guard let credentials else { return [] }
        let user = Array(credentials.user.utf8)
        let password = Array(credentials.password.value.utf8)
        return [
            credentials.password, Secret(TransferEncoding.base64(password)),
            Secret(TransferEncoding.base64([0] + user + [0] + password)),
        ]
    }

    // MARK: Replies

    static func error(_ reply: SMTPReply, _ step: SMTPStep, _ secrets: [Secret]) -> MailError {
        let kind = kind(reply, step)
        return MailError(
            kind, reason(kind, step), detail: "\(step.name): \(reply.code) \(clean(reply.text, secrets))",
            code: reply.code,
            enhancedCode: reply.enhancedCode)
    }

    private static func kind(_ reply: SMTPReply, _ step: SMTPStep) -> MailError.Kind {
        guard reply.isRefusal else { return .invalidResponse }
        guard reply.isPermanent else { return .deferred }
        switch step {
        case .login: return .unauthorised
        case .startingEncryption: return .insecure
        case .recipient where isAboutMailbox(reply): return .recipientRefused
        // Authentication required.
        case _ where reply.code == 530 || reply.code == 535: return .unauthorised
        case .acceptance where reply.enhancedCode.map(isMailbox) == true: return .recipientRefused
        default: return .refused
        }
    }

    /// Without an enhanced code, a mailbox that is not there is 550, 551 or 553; with one, 5.7.1 is about rules.
    private static func isAboutMailbox(_ reply: SMTPReply) -> Bool {
        reply.enhancedCode.map(isMailbox) ?? [550, 551, 553].contains(reply.code)
    }

    /// 5.1.x is about the address, 5.2.x about the mailbox (RFC 3463).
    private static func isMailbox(_ enhancedCode: String) -> Bool {
        enhancedCode.hasPrefix("5.1.") || enhancedCode.hasPrefix("5.2.")
    }

    private static func reason(_ kind: MailError.Kind, _ step: SMTPStep) -> String {
        switch kind {
        case .deferred: "The mail server asks to come back later (\(step.name))."
        case .recipientRefused: "The mail server says that the mailbox does not exist or takes no mail."
        case .unauthorised where step == .login: "The mail server does not accept the user's name and password."
        case .unauthorised: "The mail server wants a login first."
        case .insecure: "The mail server could not begin to encrypt."
        case .refused: "The mail server refuses the message (\(step.name))."
        default: "The mail server gave an unexpected reply (\(step.name))."
        }
    }

    // MARK: The connection

    static func error(_ error: any Error, _ secrets: [Secret]) -> MailError {
        switch error {
        case let error as MailError: return error
        case let error as SMTPUnsent: return self.error(error.cause, secrets)
        case let error as SMTPTimeout:
            return MailError(.timeout, "The mail server did not answer in time (\(error.step.name)).")
        case is SMTPOutOfTurn:
            return MailError(.invalidResponse, "The mail server spoke without being asked.")
        case let error as SMTPReplyParser.Fault: return fault(error, secrets)
        case NIOSSLError.uncleanShutdown:
            return MailError(.connection, "The mail server ended the connection.")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            return MailError(
                .insecure, "The connection to the mail server could not be encrypted, or its certificate is not valid.",
                detail: String(describing: error))
        case ChannelError.connectTimeout:
            return MailError(.timeout, "The mail server could not be reached in time (\(SMTPStep.connecting.name)).")
        case is CancellationError:
            return MailError(.connection, "The sending of the message was cancelled.")
        case ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed:
            return MailError(.connection, "The mail server ended the connection.")
        default:
            return MailError(
                .connection, "The connection to the mail server failed.", detail: String(describing: error))
        }
    }

    private static func fault(_ fault: SMTPReplyParser.Fault, _ secrets: [Secret]) -> MailError {
        switch fault {
        case .notAReply(let line):
            MailError(
                .invalidResponse, "What answers in place of the mail server does not speak SMTP.",
                detail: clean(line, secrets))
        case .lineTooLong, .replyTooLong:
            MailError(.invalidResponse, "The reply of the mail server is too long.")
        }
    }

    private static func clean(_ text: String, _ secrets: [Secret]) -> String {
        secrets.reduce(text) { $1.struckOut(of: $0) }
    }
}
