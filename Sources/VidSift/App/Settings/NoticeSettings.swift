internal import Database
internal import Logging
package import Providers

/// How people and programs are told what became of what they wanted.
package struct NoticeSettings: Sendable {
    /// A way for mail, and the sender.
    package struct Mail: Sendable {
        package var service: MailService
        package var sender: Mailbox
    }

    /// A program that is told.
    package struct Webhook: Sendable {
        package var url: WebhookURL
        /// One; two while one replaces the other.
        package var secrets: [Secret]
    }

    /// Nil: nobody is told by mail.
    package var mail: Mail?
    /// Nil: no program is told.
    package var webhook: Webhook?
}

extension NoticeSettings {
    /// What tells them; it connects to nothing yet.
    ///
    /// - Parameter pageBase: the address of our own pages, without a slash at its end.
    /// - Throws: `MailError` where the system's certificates can't be read.
    func notices(database: Database, pageBase: String, logger: Logger) throws -> Notices {
        Notices(
            database: database,
            mail: try mail.map { Notices.Mail(mailer: try $0.service.mailer(), sender: $0.sender) },
            webhook: webhook.map {
                Notices.Webhook(sender: WebhookSender(Self.delivering), url: $0.url, secrets: $0.secrets)
            },
            pageBase: pageBase, logger: logger)
    }

    /// The receiver is the owner's, who may well run it on the same machine or beside it.
    private static var delivering: WebhookSender.Configuration {
        var configuration = WebhookSender.Configuration()
        configuration.allowsPrivateAddresses = true
        return configuration
    }
}

extension SettingsReader {
    /// A secret that is shorter can be guessed.
    private static let shortestSecret = 16
    private static let mostSecrets = 2

    /// - Parameter pageBase: what links to our own pages begin with.
    mutating func notices(pageBase: String) -> NoticeSettings {
        NoticeSettings(mail: mail(pageBase: pageBase), webhook: webhook())
    }

    private mutating func mail(pageBase: String) -> NoticeSettings.Mail? {
        let service = mailService()
        let sender = sender(isNeeded: text("SMTP_URL") != nil || text("RESEND_API_KEY") != nil)
        guard let service, let sender else { return nil }
        check((try? WebLink(pageBase + "/")) != nil, "APP_URL: in mail, an address has plain ASCII characters only")
        return NoticeSettings.Mail(service: service, sender: sender)
    }

    private mutating func mailService() -> MailService? {
        let key = text("RESEND_API_KEY")
        guard let url = text("SMTP_URL") else {
            return key.map { .resend(ResendMailer.Configuration(apiKey: Secret($0))) }
        }
        check(key == nil, "SMTP_URL and RESEND_API_KEY are both set: mail goes one way only")
        // Whatever is said of the address, the address itself isn't: it holds a password.
        let server = understood("SMTP_URL") { try SMTPServer(url: url) }
        return server.map { .smtp(SMTPMailer.Configuration(server: $0)) }
    }

    private mutating func sender(isNeeded: Bool) -> Mailbox? {
        guard let text = text("MAIL_FROM") else {
            check(!isNeeded, "MAIL_FROM is missing: from whom is mail? For instance VidSift <vidsift@example.org>")
            return nil
        }
        check(isNeeded, "MAIL_FROM is set without SMTP_URL or RESEND_API_KEY: which way does mail go?")
        return understood("MAIL_FROM") { try Mailbox(text) }
    }

    private mutating func webhook() -> NoticeSettings.Webhook? {
        let secrets = list("WEBHOOK_SECRET").map { Secret($0) }
        guard let text = text("WEBHOOK_URL") else {
            check(secrets.isEmpty, "WEBHOOK_SECRET is set without WEBHOOK_URL: who is told?")
            return nil
        }
        check(
            !secrets.isEmpty && secrets.allSatisfy { $0.value.utf8.count >= Self.shortestSecret },
            """
            WEBHOOK_SECRET: expected at least \(Self.shortestSecret) characters that the receiver knows, too \
            (`openssl rand -hex 32` makes some)
            """)
        check(secrets.count <= Self.mostSecrets, "WEBHOOK_SECRET: expected one secret, or the new and the old: new,old")
        let url = understood("WEBHOOK_URL") { try WebhookURL(text) }
        return url.map { NoticeSettings.Webhook(url: $0, secrets: secrets) }
    }

    /// The value, or nil and a problem: the errors' descriptions quote nothing of it.
    private mutating func understood<Value>(_ name: String, _ value: () throws -> Value) -> Value? {
        do {
            return try value()
        } catch {
            check(false, "\(name): \(error)")
            return nil
        }
    }
}
