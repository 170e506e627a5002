/// Follows a word as long as it can become the beginning of an address.
struct SchemeReader: Sendable {
    /// What the word so far is.
    enum State: Sendable {
        case begins
        /// `www.`
        case host
        case none
    }

    /// The schemes that begin as the word does, a bit each.
    private var candidates: UInt32 = .max
    private var length = 0

    /// Takes the word's next character.
    mutating func take(_ scalar: Unicode.Scalar) -> State {
        let byte = UInt8(truncatingIfNeeded: scalar.lowercasedASCII.value)
        guard scalar.isASCII else { return .none }
        var left = candidates
        candidates = 0
        while left != 0 {
            let place = left.trailingZeroBitCount
            left &= left - 1
            guard place < Self.names.count else { break }
            if length < Self.names[place].count, Self.names[place][length] == byte { candidates |= 1 << place }
        }
        length += 1
        guard candidates != 0 else { return .none }
        return length == Self.hostLength && candidates & 1 != 0 ? .host : .begins
    }

    /// Whether the word is a scheme.
    var isScheme: Bool { complete != nil }

    /// Whether it is one whose addresses need no slashes.
    var isOpaque: Bool { complete.map { $0 > 0 && $0 <= Self.opaqueCount } ?? false }

    private var complete: Int? {
        Self.names.indices.first { candidates & (1 << $0) != 0 && Self.names[$0].count == length }
    }

    private static let hostLength = 4
    private static let opaqueCount = 9
    /// What begins an address without a scheme, the schemes without slashes, the others.
    private static let names: [[UInt8]] = [
        "www.", "javascript", "vbscript", "data", "mailto", "tel", "sms", "blob", "magnet", "xmpp", "http", "https",
        "ftp", "ftps", "sftp", "file", "ws", "wss", "ssh", "git", "intent", "chrome",
    ].map { Array($0.utf8) }
}

/// The names of HTML's elements: a tag of one of them is taken out whole.
enum HTMLElements {
    static let longestName = 10

    static func contains(_ name: String) -> Bool { names.contains(name) }

    private static let names: Set<String> = [
        "a", "abbr", "article", "audio", "b", "base", "blockquote", "body", "br", "button", "canvas", "center", "cite",
        "code", "dd", "del", "details", "div", "dl", "dt", "em", "embed", "font", "footer", "form", "frame", "h1", "h2",
        "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label",
        "li", "link", "main", "mark", "math", "meta", "nav", "object", "ol", "option", "p", "param", "pre", "q", "s",
        "script", "section", "select", "small", "source", "span", "strong", "style", "sub", "summary", "sup", "svg",
        "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "title", "tr", "u", "ul", "video",
    ]
}
