internal import Providers

/// The pages of our own that notices lead to.
struct NoticeLinks: Sendable {
    /// Up to and without the last slash.
    let base: String

    /// The first page.
    ///
    /// - Throws: `MailError` where `base` can't stand in a message; likewise the others.
    var home: WebLink { get throws { try WebLink(base + "/") } }

    func channel(_ id: ChannelID) throws -> WebLink { try WebLink("\(base)/channels/\(id)") }

    /// Where a recipient ends his mail.
    func unsubscribing(_ recipient: MailRecipient) throws -> WebLink {
        try WebLink("\(base)/unsubscribe?token=\(recipient.token)")
    }
}
