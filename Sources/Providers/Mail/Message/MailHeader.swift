/// One header field of a message: a name, and the pieces between which its line may be folded.
struct MailHeader: Sendable, Equatable {
    var name: String
    /// ASCII without line breaks. Reading the header gives them with single spaces between.
    var pieces: [String]

    /// A line is folded before it gets longer, if it can be.
    static let usualLine = 78
    /// A word that is longer than this is encoded, which can be divided.
    private static let longestWord = 60

    /// A header whose value is ours.
    init(_ name: String, _ pieces: String...) {
        self.name = name
        self.pieces = pieces
    }

    /// A header whose value is somebody's text.
    ///
    /// - Throws: ``MailError`` of kind `invalidMessage` when it has a line break or a control character.
    init(_ name: String, text: String) throws {
        guard MailSyntax.isHeaderText(text) else {
            throw MailError.invalidMessage("The \(name.lowercased()) has a line break or a control character.")
        }
        self.name = name
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let isPlain =
            text.isEmpty
            || !text.contains("=?")
                && words.allSatisfy {
                    (1...Self.longestWord).contains($0.count) && $0.utf8.allSatisfy(MailSyntax.isPrintable)
                }
        pieces = isPlain ? words : EncodedWord.words(text)
    }

    /// A header with a mailbox.
    init(_ name: String, _ mailbox: Mailbox) {
        self.name = name
        let address = "\(mailbox.address)"
        pieces = mailbox.name.isEmpty ? [address] : Self.phrase(mailbox.name) + ["<\(address)>"]
    }

    private static func phrase(_ name: String) -> [String] {
        guard name.utf8.count <= longestWord, !name.contains("=?"), name.utf8.allSatisfy(MailSyntax.isPrintable) else {
            return EncodedWord.words(name)
        }
        let words = name.split(separator: " ", omittingEmptySubsequences: false)
        let isAtoms = words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(MailSyntax.isAtom) }
        return isAtoms ? words.map(String.init) : [MailSyntax.quoted(name)]
    }

    /// The lines of the field, each with its end.
    var bytes: [UInt8] {
        var text = name + ":"
        var column = text.utf8.count
        for (index, piece) in pieces.enumerated() {
            // Never before the first: some programs take a line without a value for the end of the header.
            if index > 0, column + 1 + piece.utf8.count > Self.usualLine {
                text += "\r\n"
                column = 0
            }
            text += " " + piece
            column += 1 + piece.utf8.count
        }
        return Array((text + "\r\n").utf8)
    }
}
