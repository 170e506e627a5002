/// Somebody who writes or gets mail: an address, and a name if there is one.
public struct Mailbox: Sendable, Hashable {
    /// The name as people read it; empty where there is none.
    public let name: String
    /// The address.
    public let address: MailAddress

    /// No name is longer, in characters.
    public static let maximumName = 200

    /// Creates a mailbox.
    ///
    /// - Throws: ``MailError`` of kind `invalidMessage` when the name has a line break or a control character, or is
    ///   too long.
    public init(name: String = "", address: MailAddress) throws {
        guard MailSyntax.isHeaderText(name) else {
            throw MailError.invalidMessage("The name of a mailbox has a line break or a control character.")
        }
        guard name.unicodeScalars.count <= Self.maximumName else {
            throw MailError.invalidMessage("The name of a mailbox has more than \(Self.maximumName) characters.")
        }
        self.name = name
        self.address = address
    }

    /// Reads `address`, `Name <address>` or `"Name" <address>`, as settings have it.
    ///
    /// - Throws: ``MailError`` of kind `invalidMessage`.
    public init(_ text: String) throws {
        guard let open = text.lastIndex(of: "<") else {
            try self.init(address: MailAddress(text))
            return
        }
        let rest = MailSyntax.trimmed(text[text.index(after: open)...])
        guard rest.last == ">" else {
            throw MailError.invalidMessage("A mailbox is written as: Name <name@example.com>.")
        }
        var name = MailSyntax.trimmed(text[..<open])
        if name.count >= 2, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
        let unescaped = name.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
        try self.init(name: String(unescaped), address: MailAddress(String(rest.dropLast())))
    }

    /// The mailbox in one line, with its name as it is, not encoded: for interfaces that take Unicode.
    var line: String { name.isEmpty ? "\(address)" : "\(MailSyntax.quoted(name)) <\(address)>" }
}
