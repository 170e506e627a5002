/// Tell somebody by mail what became of a channel.
struct SendMailJob: JobPayload, Hashable {
    static let kind = JobKind(rawValue: "send_mail")
    static let version = 1

    var notice: ChannelNotice
    /// Not the address: jobs are logged, shown and kept, and whoever refuses mail until it is sent gets none.
    var recipient: Identifier<MailRecipient>
    var subject: String { "\(notice.id):\(recipient)" }
}

/// Tell the owner's own program what became of a channel.
struct SendWebhookJob: JobPayload, Hashable {
    static let kind = JobKind(rawValue: "send_webhook")
    static let version = 1

    var notice: ChannelNotice
    var subject: String { notice.id.description }
}
