internal import Captions

/// What stands in an answer's text for a citation: `[1:23]`, or `[1:23] "Title"` where several videos are in scope.
enum CitationMark {
    /// The longest title in a text, in characters of Unicode.
    static let maximumTitleLength = 100

    static func text(at start: MediaTime, title: String?) -> String {
        guard let title else { return "[\(start.timestamp)]" }
        return "[\(start.timestamp)] \"\(line(title))\""
    }

    /// A title is somebody else's text: one line, without quotation marks, brackets and links.
    static func line(_ title: String) -> String {
        var scanner = AnswerScanner(spokenTimes: TypedTimes.all(in: title))
        var tokens: [AnswerToken] = []
        var layout = AnswerLayout()
        var line = ""
        scanner.read(title.replacing("\n", with: " "), into: &tokens)
        scanner.finish(into: &tokens)
        for token in tokens {
            switch token {
            case .content(let scalar): layout.write(plain(scalar), to: &line)
            case .marker, .removed: layout.takeOut()
            case .end: layout.finish(to: &line)
            }
        }
        return line.isEmpty ? Title.untitled.text : cut(line)
    }

    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "\"", "“", "”", "`": "'"
        case "\\": "/"
        default: scalar.isBlank ? " " : scalar
        }
    }

    private static func cut(_ line: String) -> String {
        let characters = line.unicodeScalars
        guard characters.count > maximumTitleLength else { return line }
        return String(String.UnicodeScalarView(characters.prefix(maximumTitleLength - 1))) + "…"
    }
}
