package import Database
package import Logging
package import Providers

/// Tells people and programs what became of what they wanted: by jobs that are written down in the transaction that
/// ends the work, so that nothing is told that did not happen, and nothing that happened is forgotten.
package struct Notices: Sendable {
    /// How mail is sent, and from whom.
    package struct Mail: Sendable {
        package var mailer: any Mailer
        package var sender: Mailbox

        package init(mailer: any Mailer, sender: Mailbox) {
            self.mailer = mailer
            self.sender = sender
        }
    }

    /// Where webhooks go.
    package struct Webhook: Sendable {
        package var sender: WebhookSender
        package var url: WebhookURL
        /// One; two while one replaces the other.
        package var secrets: [Secret]

        package init(sender: WebhookSender, url: WebhookURL, secrets: [Secret]) {
            self.sender = sender
            self.url = url
            self.secrets = secrets
        }
    }

    /// How many of each are sent at a time.
    private static let slots = 2

    let database: Database
    let mail: Mail?
    let webhook: Webhook?
    let links: NoticeLinks
    let logger: Logger

    /// - Parameters:
    ///   - mail: nil: nobody is told by mail.
    ///   - webhook: nil: no program is told.
    ///   - pageBase: the address of our own pages, without a slash at its end.
    package init(database: Database, mail: Mail?, webhook: Webhook?, pageBase: String, logger: Logger) {
        self.database = database
        self.mail = mail
        self.webhook = webhook
        links = NoticeLinks(base: pageBase)
        self.logger = logger
    }

    /// Has everybody told who is to know, once for each job that ends: what is written is part of the caller's
    /// transaction, the one that ends the job. A second call for the same job writes nothing.
    ///
    /// - Parameter recipient: the mail address of whoever wants to know; one that can't be written to is passed over.
    package func enqueue(_ notice: ChannelNotice, recipient: String?, on tx: Transaction) async throws {
        guard try await ChannelListing.markNoticed(notice.channel, of: notice.job, on: tx) else { return }
        if let recipient { try await enqueueMail(notice, to: recipient, on: tx) }
        if webhook != nil {
            let job = try NewJob(SendWebhookJob(notice: notice), maximumAttempts: SendWebhook.maximumAttempts)
            _ = try await job.enqueue(on: tx)
        }
    }

    /// Has people told again of the end of a job that somebody puts back to work: for `onRedriven` of the job's kind.
    package func forget(_ job: JobID, of channel: ChannelID, on tx: Transaction) async throws {
        try await ChannelListing.forgetNotice(channel, of: job, on: tx)
    }

    /// What a worker does with the jobs that are written here.
    package func bindings() -> [JobBinding] {
        let sendMail = SendMail(database: database, mail: mail, links: links, logger: logger)
        let sendWebhook = SendWebhook(webhook: webhook, links: links, logger: logger)
        return [
            JobBinding(
                SendMailJob.self, slots: Self.slots, timeLimit: SendMail.timeLimit, policy: SendMail.policy
            ) { try await sendMail($0, $1) },
            JobBinding(
                SendWebhookJob.self, slots: Self.slots, timeLimit: SendWebhook.timeLimit, policy: SendWebhook.policy
            ) { try await sendWebhook($0, $1) },
        ]
    }

    /// Gives back what the mailer holds.
    package func close() async {
        await mail?.mailer.close()
    }

    private func enqueueMail(_ notice: ChannelNotice, to address: String, on tx: Transaction) async throws {
        guard mail != nil else {
            return logger.notice("nobody is told by mail: none is configured", metadata: ["queueId": "\(notice.job)"])
        }
        // Whoever took the address has looked at it; what was let through must not keep the work from ending.
        guard let address = try? MailAddress(address) else {
            return logger.warning("nobody is told by mail: the address is none", metadata: ["queueId": "\(notice.job)"])
        }
        let recipient = try await MailRecipient.ensure("\(address)", on: tx)
        guard recipient.refusedAt == nil else { return }
        let job = try NewJob(
            SendMailJob(notice: notice, recipient: recipient.id), requester: notice.requester,
            maximumAttempts: SendMail.maximumAttempts)
        _ = try await job.enqueue(on: tx)
    }
}
