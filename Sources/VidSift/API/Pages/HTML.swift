/// Writes HTML: whatever is not a literal of this program is escaped.
struct HTML: Sendable {
    private(set) var text = ""

    /// Markup, as it stands.
    mutating func markup(_ literal: StaticString) {
        text += String(describing: literal)
    }

    /// Text of anybody's, in an element or in an attribute's quotation marks.
    mutating func escaped(_ value: some StringProtocol) {
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// A text as HTML with some of its parts in `<mark>`.
    ///
    /// - Parameter ranges: UTF-8 offsets, in order, not overlapping.
    static func marked(_ text: String, at ranges: [Range<Int>]) -> String {
        var html = HTML()
        let utf8 = text.utf8
        var position = utf8.startIndex
        for range in ranges {
            let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
            let end = utf8.index(utf8.startIndex, offsetBy: range.upperBound)
            html.escaped(text[position..<start])
            html.markup("<mark>")
            html.escaped(text[start..<end])
            html.markup("</mark>")
            position = end
        }
        html.escaped(text[position...])
        return html.text
    }
}
