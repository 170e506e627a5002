/// A web address that may stand in a message: `http` or `https`, written in plain ASCII.
public struct WebLink: Sendable, Hashable, CustomStringConvertible {
    /// The address.
    public let url: String

    /// Servers refuse headers with longer lines.
    static let maximumBytes = 900

    /// Takes a web address.
    ///
    /// - Throws: ``MailError`` of kind `invalidMessage` for other schemes (`javascript:`), spaces, quotation marks,
    ///   brackets, and anything outside ASCII: these stand percent-encoded in a URL.
    public init(_ url: String) throws {
        let start = url.prefix(8).lowercased()
        let scheme = ["https://", "http://"].first { start.hasPrefix($0) }
        guard let scheme, url.utf8.count > scheme.utf8.count, url.utf8.count <= Self.maximumBytes else {
            throw MailError.invalidMessage("A link in a message is an address that begins with http:// or https://.")
        }
        guard url.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !Self.forbidden.contains($0) }) else {
            throw MailError.invalidMessage("A link in a message has a character that must be percent-encoded.")
        }
        self.url = url
    }

    private static let forbidden = Set("<>\"'\\^`{|}".utf8)

    /// The address.
    public var description: String { url }

    var isEncrypted: Bool { url.prefix(8).lowercased() == "https://" }
}
