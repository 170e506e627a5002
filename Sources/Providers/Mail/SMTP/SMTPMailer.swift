internal import NIOSSL

/// Sends mail through a mail server (RFC 5321), with one connection a message.
public struct SMTPMailer: Mailer {
    /// Whose certificates are believed.
    public enum Trust: Sendable, Equatable {
        /// Those that the system believes.
        case system
        /// Those that a certificate of this PEM file has signed, and no others.
        case file(String)
    }

    /// Where the server is, and how patient one is with it.
    public struct Configuration: Sendable {
        /// Where it is.
        public var server: SMTPServer
        /// What this machine calls itself, a domain; nil for its address.
        public var clientName: String?
        /// Whose certificates are believed.
        public var trust = Trust.system
        /// How long is waited.
        public var timeouts = Timeouts()

        /// Creates a configuration with the default limits.
        public init(server: SMTPServer, clientName: String? = nil) {
            self.server = server
            self.clientName = clientName
        }
    }

    private let configuration: Configuration
    private let tls: NIOSSLContext?

    /// Connects to nothing yet.
    ///
    /// - Throws: ``MailError`` of kind `invalidSettings`: the certificates can't be read, the own name is none.
    public init(_ configuration: Configuration) throws {
        if let name = configuration.clientName, !DomainName.hasHostLabels(name) {
            throw MailError(.invalidSettings, "The name that this machine calls itself in mail is not a domain.")
        }
        self.configuration = configuration
        tls = configuration.server.encryption == .never ? nil : try Self.context(configuration.trust)
    }

    private static func context(_ trust: Trust) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.certificateVerification = .fullVerification
        if case .file(let path) = trust { tls.trustRoots = .file(path) }
        do {
            return try NIOSSLContext(configuration: tls)
        } catch {
            throw MailError(
                .invalidSettings, "The certificates for mail can't be read.", detail: String(describing: error))
        }
    }

    /// Sends one message. Cancelling closes the connection.
    public func send(_ message: MailMessage) async throws {
        let bytes = try message.encoded()
        do {
            let server = configuration.server
            let connection = try await SMTPConnection.open(
                server, encryptedBy: server.encryption == .fromStart ? tls : nil, configuration.timeouts)
            try await withTaskCancellationHandler {
                defer { connection.close() }
                let name = configuration.clientName ?? connection.addressLiteral
                let conversation = SMTPConversation(
                    connection: connection, server: server, clientName: name, tls: tls)
                try await conversation.deliver(bytes, from: message.from.address, to: message.to.address)
                // It is sent, whatever comes of this.
                _ = try? await connection.ask("QUIT", .farewell)
            } onCancel: {
                connection.close()
            }
        } catch {
            throw outcome(of: error)
        }
    }

    /// A cancelled task's error is the consequence of that, unless the message may be sent.
    private func outcome(of error: any Error) -> any Error {
        let failure = SMTPFailure.error(error, SMTPFailure.secrets(configuration.server.credentials))
        return Task.isCancelled && failure.acceptance == .no ? CancellationError() : failure
    }
}
