internal import Foundation

/// The body of `POST /emails`.
struct ResendBody: Encodable {
    var from: String
    var to: [String]
    var subject: String
    var text: String
    var html: String?
    var headers: [String: String]

    /// - Throws: ``MailError`` of kind `invalidMessage`, for what can't be mail whoever sends it.
    init(_ message: MailMessage) throws {
        try message.checkSize()
        guard MailSyntax.isHeaderText(message.subject) else {
            throw MailError.invalidMessage("The subject has a line break or a control character.")
        }
        from = message.from.line
        to = [message.to.line]
        subject = message.subject
        text = message.text
        html = message.html?.source
        headers = Dictionary(message.unsubscribeHeaders.map { ($0.name, $0.value) }) { first, _ in first }
        headers["Auto-Submitted"] = "auto-generated"
    }

    /// The same bytes each time: the service compares those of a repetition.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
