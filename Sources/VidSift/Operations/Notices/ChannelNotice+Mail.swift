internal import Foundation
internal import Providers

extension ChannelNotice {
    /// The longest title in a subject, in Unicode scalars.
    private static let longestTitleInSubject = 100

    /// The notice as a message: the same each time for the same recipient, links and date.
    ///
    /// - Throws: `MailError` where something of it can't stand in a message.
    func message(
        to recipient: MailRecipient, from sender: Mailbox, links: NoticeLinks, date: Date
    ) throws -> MailMessage {
        let unsubscribing = try links.unsubscribing(recipient)
        let document = try document(links, unsubscribing)
        return MailMessage(
            from: sender, to: try Mailbox(address: MailAddress(recipient.address)), subject: subject,
            text: document.text, html: document.html, unsubscribe: unsubscribing,
            id: try Providers.MessageID(unique: "channel.\(id)", domain: sender.address.domain), date: date)
    }

    /// One line.
    var subject: String {
        let title = "“\(title.asOneLine.cut(to: Self.longestTitleInSubject))”"
        return switch outcome {
        case .ready: "\(title) is ready"
        case .partly: "\(title) is ready: \(counts.indexed) of \(counts.listed.videos)"
        case .failed: "\(title) could not be indexed"
        }
    }

    private func document(_ links: NoticeLinks, _ unsubscribing: WebLink) throws -> MailDocument {
        var blocks: [MailDocument.Block] = [.heading(title.asOneLine), .paragraph([.text(opening)])]
        let missing = missing
        if !missing.isEmpty { blocks.append(.list(missing.map { [.text($0)] })) }
        if !reasons.isEmpty {
            blocks.append(.paragraph(["Why:"]))
            blocks.append(.list(reasons.map { [.text("\($0.videos.videos): \($0.reason.asOneLine)")] }))
        }
        blocks.append(.button("Open the channel", try links.channel(channel)))
        let home = try links.home
        blocks.append(
            .footer([
                "You get this because somebody asked the VidSift at ", .link(home.url, home),
                " to tell this address how it ends. ", .link("No more mail from there", unsubscribing),
            ]))
        return MailDocument(blocks)
    }

    private var opening: String {
        if let failure { return failure.asOneLine }
        guard outcome == .ready else { return "\(counts.indexed) of its \(counts.listed.videos) can be searched." }
        return counts.listed == 1 ? "Its video can be searched." : "All of its \(counts.listed.videos) can be searched."
    }

    /// What is said of the videos that are not searchable.
    private var missing: [String] {
        [
            (counts.withoutCaptions, "without captions"),
            (counts.unavailable, "not available: private, removed, or kept from us"),
            (counts.failed, "failed"),
            (counts.later, "still to come"),
            (counts.delisted, "no longer in the list"),
        ].filter { $0.0 > 0 }.map { "\($0.videos) \($1)" }
    }
}

extension Int {
    /// So many videos, in words.
    fileprivate var videos: String { self == 1 ? "1 video" : "\(self) videos" }
}

extension String {
    /// The text as one line that turns nothing around it: a title must neither add a header nor turn our own words.
    fileprivate var asOneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.filter { !$0.isTurning }.map { $0.isBreaking ? " " : $0 }))
    }
}

extension Unicode.Scalar {
    /// Embeddings, overrides, isolates and their ends (Unicode Standard Annex 9).
    fileprivate var isTurning: Bool {
        switch value {
        case 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    fileprivate var isBreaking: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
