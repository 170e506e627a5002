internal import NIOSSL

/// What is said to a mail server from its greeting until it has taken a message.
struct SMTPConversation: Sendable {
    var connection: SMTPConnection
    var server: SMTPServer
    /// What this end calls itself.
    var clientName: String
    /// Nil where nothing is ever encrypted.
    var tls: NIOSSLContext?

    /// Hands over the message; when it returns, the server has taken it.
    ///
    /// - Throws: ``MailError``; SwiftNIO's errors and those of ``SMTPReplyHandler`` before the message is handed over.
    func deliver(_ message: [UInt8], from: MailAddress, to: MailAddress) async throws {
        if server.encryption == .fromStart { try await connection.secured() }
        try await expect(2, connection.ask(nil as String?, .greeting), .greeting)
        let offer = try await encrypt(introduce())
        try await logIn(offer)
        try await address(message.count, from, to, offer)
        try await handOver(message)
    }

    // MARK: The steps

    private func introduce() async throws -> SMTPOffer {
        let reply = try await connection.ask("EHLO \(clientName)", .introduction)
        // A server from before 1995 knows HELO only.
        if [500, 502, 504].contains(reply.code) {
            try await expect(2, connection.ask("HELO \(clientName)", .introduction), .introduction)
            return SMTPOffer(SMTPReply(code: 250, lines: []))
        }
        try expect(2, reply, .introduction)
        return SMTPOffer(reply)
    }

    /// What was offered before the connection was encrypted can be anybody's: it is asked for again.
    private func encrypt(_ offer: SMTPOffer) async throws -> SMTPOffer {
        guard let tls, [.required, .optional].contains(server.encryption) else { return offer }
        guard offer.offersEncryption else {
            guard server.encryption == .optional else {
                throw MailError(.insecure, "The mail server does not offer encryption (STARTTLS).")
            }
            return offer
        }
        try await expect(2, connection.ask("STARTTLS", .startingEncryption), .startingEncryption)
        try await connection.encrypt(tls, host: server.nameForTLS)
        return try await introduce()
    }

    private func logIn(_ offer: SMTPOffer) async throws {
        guard let credentials = server.credentials else { return }
        let isEncrypted = try await connection.isEncrypted
        guard isEncrypted || connection.isLoopback else {
            throw MailError(
                .insecure, "The password is not sent to the mail server, as the connection is not encrypted.")
        }
        let user = Array(credentials.user.utf8)
        let password = Array(credentials.password.value.utf8)
        if offer.logins.contains("PLAIN") {
            let response = TransferEncoding.base64([0] + user + [0] + password)
            try await expect(2, connection.ask("AUTH PLAIN \(response)", .login), .login)
        } else if offer.logins.contains("LOGIN") {
            try await expect(3, connection.ask("AUTH LOGIN", .login), .login)
            try await expect(3, connection.ask(TransferEncoding.base64(user), .login), .login)
            try await expect(2, connection.ask(TransferEncoding.base64(password), .login), .login)
        } else {
            throw MailError(.unauthorised, "The mail server offers no login that is known here (PLAIN, LOGIN).")
        }
    }

    private func address(
        _ size: Int, _ from: MailAddress, _ to: MailAddress, _ offer: SMTPOffer
    ) async throws {
        if let maximum = offer.maximumBytes, size > maximum {
            throw MailError(.refused, "The message is larger than the mail server takes.")
        }
        let parameter = offer.takesSize ? " SIZE=\(size)" : ""
        try await expect(2, connection.ask("MAIL FROM:<\(from)>\(parameter)", .sender), .sender)
        try await expect(2, connection.ask("RCPT TO:<\(to)>", .recipient), .recipient)
    }

    private func handOver(_ message: [UInt8]) async throws {
        try await expect(3, connection.ask("DATA", .content), .content)
        do {
            try await connection.send(SMTPContent.stuffed(message), .content)
        } catch let refusal as SMTPRefusedEarly {
            throw failure(refusal.reply, .content)
        }
        // Until here the server has no whole message; from here on a lost reply leaves it open whether it was taken.
        let reply: SMTPReply
        do {
            reply = try await connection.ask(SMTPContent.terminator, .acceptance)
        } catch let error as SMTPUnsent {
            throw error
        } catch {
            throw SMTPFailure.error(error, secrets).withUnknownAcceptance()
        }
        guard reply.isRefusal || reply.code / 100 == 2 else {
            throw failure(reply, .acceptance).withUnknownAcceptance()
        }
        try expect(2, reply, .acceptance)
    }

    // MARK: Replies

    /// Goes on when `reply` is of the hundred that is expected.
    private func expect(_ hundred: Int, _ reply: SMTPReply, _ step: SMTPStep) throws {
        guard reply.code / 100 == hundred else { throw failure(reply, step) }
    }

    private func failure(_ reply: SMTPReply, _ step: SMTPStep) -> MailError {
        SMTPFailure.error(reply, step, secrets)
    }

    private var secrets: [Secret] { SMTPFailure.secrets(server.credentials) }
}
