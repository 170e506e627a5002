/// What a message says, written once and rendered twice: as plain text and as HTML.
///
/// All that it holds is text, never markup: whatever a title has in it, it can add nothing to the page and no line to
/// the text.
public struct MailDocument: Sendable, Equatable {
    /// A part of a line.
    public enum Inline: Sendable, Equatable, ExpressibleByStringInterpolation {
        /// Text as it is.
        case text(String)
        /// Text that stands out.
        case strong(String)
        /// Text that leads somewhere.
        case link(String, WebLink)

        /// Text as it is.
        public init(stringLiteral value: String) { self = .text(value) }
    }

    /// A part of the page.
    public enum Block: Sendable, Equatable {
        /// A heading.
        case heading(String)
        /// A paragraph.
        case paragraph([Inline])
        /// A list with bullets.
        case list([[Inline]])
        /// A link that looks like a button.
        case button(String, WebLink)
        /// Small print, such as why one gets this.
        case footer([Inline])
    }

    /// The parts, from the top.
    public var blocks: [Block]
    /// The language of what is ours in it, as a tag such as `en`.
    public var language: String

    /// Creates a document.
    public init(_ blocks: [Block], language: String = "en") {
        self.blocks = blocks
        self.language = language
    }

    /// The document as plain text: blank lines between its parts, links behind their words.
    public var text: String {
        blocks.map { block in
            switch block {
            case .heading(let text): Self.line(text)
            case .paragraph(let parts): parts.map(Self.plain).joined()
            case .list(let items): items.map { "- " + $0.map(Self.plain).joined() }.joined(separator: "\n")
            case .button(let text, let link): "\(Self.line(text)): \(link)"
            // The sign by which mail programs know small print (a signature).
            case .footer(let parts): "-- \n" + parts.map(Self.plain).joined()
            }
        }.joined(separator: "\n\n") + "\n"
    }

    private static func plain(_ part: Inline) -> String {
        switch part {
        case .text(let text), .strong(let text): line(text)
        case .link(let text, let link): text == link.url ? text : "\(line(text)) (\(link))"
        }
    }

    /// `text` without line breaks and other control characters, each of which becomes a space.
    static func line(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: line.append(" ")
            default: line.append(scalar)
            }
        }
        return String(line)
    }

    /// The document as a page.
    public var html: MailHTML { MailHTML(self) }
}
