public import Foundation

/// A message to one person. What it is sent as is the same each time, byte for byte.
///
/// It is made at the time of sending, from what is stored (to whom, about what, since when): a stored message would keep
/// the words of an older version, and a copy of somebody's address.
///
/// One, not several: each has a link of his own to unsubscribe with, and each is accepted or refused on his own.
public struct MailMessage: Sendable, Equatable {
    /// Who writes.
    public var from: Mailbox
    /// Who gets it.
    public var to: Mailbox
    /// The subject, in any script. A line break or control character in it is an error when it is sent.
    public var subject: String
    /// The plain text, in lines of any length. It is sent with a line end at its end.
    public var text: String
    /// The same with markup, if there is any.
    public var html: MailHTML?
    /// Where the reader ends such mail: by one click where it is `https` (RFC 8058), which is a `POST` with the body
    /// `List-Unsubscribe=One-Click` that no person sees.
    public var unsubscribe: WebLink?
    /// By what it is known, whenever it is sent.
    public var id: MessageID
    /// When it was written, not when it is sent.
    public var date: Date

    /// The most bytes of subject, text and markup together.
    public static let maximumBytes = 1 << 20

    /// Creates a message.
    public init(
        from: Mailbox, to: Mailbox, subject: String, text: String, html: MailHTML? = nil, unsubscribe: WebLink? = nil,
        id: MessageID, date: Date
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.unsubscribe = unsubscribe
        self.id = id
        self.date = date
    }

    /// The message as mail servers pass it on (RFC 5322, MIME): ASCII, lines of at most 998 characters that end with
    /// CRLF.
    ///
    /// - Throws: ``MailError`` of kind `invalidMessage`.
    public func encoded() throws -> [UInt8] {
        try checkSize()
        var bytes = try headers().flatMap(\.bytes)
        guard let html else { return bytes + Self.part("text/plain", text) }
        // No text in either encoding has these characters in a row.
        let boundary = "=_\(id.value.utf8.reduce(into: "") { $0 += TransferEncoding.hexadecimal($1) }.prefix(40))_="
        bytes += MailHeader("Content-Type", "multipart/alternative;", "boundary=\"\(boundary)\"").bytes
        bytes += "\r\n--\(boundary)\r\n".utf8
        bytes += Self.part("text/plain", text)
        bytes += "\r\n--\(boundary)\r\n".utf8
        bytes += Self.part("text/html", html.source)
        bytes += "\r\n--\(boundary)--\r\n".utf8
        return bytes
    }

    func checkSize() throws {
        guard subject.utf8.count + text.utf8.count + (html?.source.utf8.count ?? 0) <= Self.maximumBytes else {
            throw MailError.invalidMessage("The message is larger than \(Self.maximumBytes) bytes.")
        }
    }

    private func headers() throws -> [MailHeader] {
        var headers = [
            MailHeader("Date", MailDate.text(date)), MailHeader("From", from), MailHeader("To", to),
            try MailHeader("Subject", text: subject), MailHeader("Message-ID", "\(id)"),
            // Tells answering machines not to answer (RFC 3834).
            MailHeader("Auto-Submitted", "auto-generated"), MailHeader("MIME-Version", "1.0"),
        ]
        headers += unsubscribeHeaders.map { MailHeader($0.name, $0.value) }
        return headers
    }

    /// `List-Unsubscribe`, and what allows one click.
    var unsubscribeHeaders: [(name: String, value: String)] {
        guard let unsubscribe else { return [] }
        let link = (name: "List-Unsubscribe", value: "<\(unsubscribe)>")
        return unsubscribe.isEncrypted
            ? [link, (name: "List-Unsubscribe-Post", value: "List-Unsubscribe=One-Click")] : [link]
    }

    private static func part(_ type: String, _ text: String) -> [UInt8] {
        let (encoding, bytes) = TransferEncoding.encode(text)
        return MailHeader("Content-Type", "\(type);", "charset=utf-8").bytes
            + MailHeader("Content-Transfer-Encoding", encoding.rawValue).bytes + Array("\r\n".utf8) + bytes
    }
}
