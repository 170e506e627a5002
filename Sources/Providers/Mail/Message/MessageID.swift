/// What a message is known by, all over the world: the same each time that it is sent, so that it can be recognised.
public struct MessageID: Sendable, Hashable, CustomStringConvertible {
    /// `unique@domain`, without its brackets.
    public let value: String

    static let maximumBytes = 200

    /// The id of the message that is `unique` (the id of its row, for instance) at `domain`.
    ///
    /// - Throws: ``MailError`` of kind `invalidMessage` when one of them can't stand in an id.
    public init(unique: String, domain: String) throws {
        let isAtoms = unique.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0.allSatisfy(MailSyntax.isAtom) }
        guard isAtoms, let domain = DomainName.ascii(domain), DomainName.hasHostLabels(domain),
            unique.utf8.count + domain.utf8.count < Self.maximumBytes
        else { throw MailError.invalidMessage("A Message-ID can't be made of these characters.") }
        value = "\(unique)@\(domain)"
    }

    /// As it stands in the header.
    public var description: String { "<\(value)>" }
}
