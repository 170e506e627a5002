/// A step of sending a message, for messages about what took too long or went wrong.
enum SMTPStep: Sendable {
    case connecting
    case encrypting
    case greeting
    case introduction
    case startingEncryption
    case login
    case sender
    case recipient
    case content
    case acceptance
    case farewell

    /// As it stands in a sentence in brackets.
    var name: String {
        switch self {
        case .connecting: "connecting"
        case .encrypting: "TLS handshake"
        case .greeting: "greeting"
        case .introduction: "EHLO"
        case .startingEncryption: "STARTTLS"
        case .login: "AUTH"
        case .sender: "MAIL FROM"
        case .recipient: "RCPT TO"
        case .content: "DATA"
        case .acceptance: "end of DATA"
        case .farewell: "QUIT"
        }
    }
}

extension SMTPMailer {
    /// How long is waited for each step.
    public struct Timeouts: Sendable, Equatable {
        /// For the look-up of the name and the connection.
        public var connecting = Duration.seconds(15)
        /// For the TLS handshake.
        public var encrypting = Duration.seconds(15)
        /// For the server's first words: some servers make strangers wait.
        public var greeting = Duration.seconds(60)
        /// For the reply to a command, and for each block of the message to leave.
        public var command = Duration.seconds(60)
        /// For the reply to the message, while it may be scanned. Giving up early leaves it unknown whether it was
        /// taken.
        public var acceptance = Duration.seconds(300)
        /// For the goodbye, which is not needed.
        public var farewell = Duration.seconds(2)

        /// The defaults.
        public init() {}

        func limit(of step: SMTPStep) -> Duration {
            switch step {
            case .connecting: connecting
            case .encrypting: encrypting
            case .greeting: greeting
            case .acceptance: acceptance
            case .farewell: farewell
            case .introduction, .startingEncryption, .login, .sender, .recipient, .content: command
            }
        }
    }
}
