package import Database

/// The title of a video or the name of a channel: one line of text that the schema takes.
///
/// White space and control characters are one space where they separate words and nothing else; what is longer than
/// `maximumLength` is cut.
package struct Title: Sendable, Hashable {
    /// The longest title in Unicode scalars, which is what SQLite's `length` counts.
    package static let maximumLength = 500
    /// What a video is called of which nothing is known.
    static let untitled = Title(known: "Untitled")

    package let text: String

    /// Nil where nothing is left that can be read.
    package init?(_ text: String) {
        let words = text.unicodeScalars.split {
            $0.properties.isWhitespace || $0.properties.generalCategory == .control
        }
        let line = words.map { String($0) }.joined(separator: " ").unicodeScalars.prefix(Self.maximumLength)
        let cut = line.last == " " ? line.dropLast() : line
        guard !cut.isEmpty else { return nil }
        self.text = String(cut)
    }

    private init(known text: String) {
        self.text = text
    }
}

extension Title: SQLBindable {
    package var sqlValue: SQLValue { .text(text) }
}
