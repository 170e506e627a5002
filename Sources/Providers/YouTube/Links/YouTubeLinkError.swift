/// Why a text is no link to anything that can be indexed. The description is one or two sentences for whoever pasted
/// it.
public enum YouTubeLinkError: Error, Sendable, Equatable {
    /// Nothing but blanks.
    case empty
    /// More bytes than ``YouTubeLinkError/maximumBytes``.
    case tooLong
    /// Neither an address nor an id.
    case notALink(String)
    /// A blank, a backslash, a control character or an invisible one in the middle.
    case forbiddenCharacter(Unicode.Scalar)
    /// Not http or https.
    case unsupportedScheme(String)
    /// A name or password before the host: such an address only looks like one of YouTube's.
    case hasUserInfo
    /// A port that YouTube does not have.
    case hasPort(String)
    /// Another host, or none.
    case notYouTube(host: String)
    /// A percent sign that encodes nothing.
    case malformedEncoding
    /// A page of the right kind, but nothing that says which.
    case noID(page: String)
    /// Not eleven characters, or some that no id has.
    case malformedVideoID(String)
    /// Not `UC` and 22 characters, or some that no id has.
    case malformedChannelID(String)
    /// No list has such an id.
    case malformedPlaylistID(String)
    /// Not 1 to 30 letters, digits, dots, hyphens and underscores.
    case malformedHandle(String)
    /// No channel has such a name.
    case malformedName(String)
    /// A list that YouTube shows to its owner alone: Watch later, liked videos.
    case personalPlaylist(String)
    /// A list that YouTube makes up for each viewer.
    case mix(String)
    /// A list that YouTube forgets after a while.
    case temporaryPlaylist(String)
    /// Search results.
    case searchPage
    /// A clip has an id of its own, which does not tell its video's.
    case clip
    /// Any other page.
    case unsupportedPage(String)
    /// YouTube's page for leaving it.
    case leadsElsewhere(host: String)
    /// An address in an address in an address.
    case tooManyRedirects

    /// The most bytes that are read.
    public static let maximumBytes = 4096
}

extension YouTubeLinkError: CustomStringConvertible {
    /// What was wrong, and what is expected. What the person wrote is quoted, cut, and with nothing invisible in it.
    public var description: String {
        switch self {
        case .empty: "There is no link. " + Self.expected
        case .tooLong: "This is longer than any link to YouTube (\(Self.maximumBytes) bytes). " + Self.expected
        case .notALink(let text): notALink(text)
        case .forbiddenCharacter(let scalar) where scalar.properties.isWhitespace:
            "There is a blank in the link. Paste the link alone, without the words around it."
        case .forbiddenCharacter(let scalar):
            "The link has a character that no link has (U+\(Self.hexadecimal(scalar))). Copy it again, whole and alone."
        case .unsupportedScheme(let scheme):
            "The link begins with \(Self.quoted(scheme + ":")). Expected an address with https://."
        case .hasUserInfo: "The link has a user name before its host, which hides where it leads. " + Self.expected
        case .hasPort(let port): "The link has the port \(Self.quoted(port)), which YouTube has not. " + Self.expected
        case .notYouTube(let host):
            host.isEmpty
                ? "The link names no host. " + Self.expected
                : "\(Self.quoted(host)) is not YouTube. " + Self.expected
        case .malformedEncoding: "The link has a % that encodes nothing. Copy it again, whole."
        case .tooManyRedirects: "The link wraps a link that wraps a link. Paste the innermost."
        case .leadsElsewhere(let host): "The link leaves YouTube for \(Self.quoted(host)). " + Self.expected
        default: pageDescription
        }
    }

    private var pageDescription: String {
        switch self {
        case .noID(let page): "This is a link to \(page), but it does not say which. Copy it again, whole."
        case .malformedVideoID(let text): malformedVideoID(text)
        case .malformedChannelID(let text):
            "\(Self.quoted(text)) is no channel id: expected UC and 22 letters, digits, - or _."
        case .malformedPlaylistID(let text):
            "\(Self.quoted(text)) is no id of a public playlist: expected one that begins with PL, UU or OLAK5uy_."
        case .malformedHandle(let text):
            "\(Self.quoted(text)) is no handle: expected @ and 1 to 30 letters, digits, dots, hyphens or underscores."
        case .malformedName(let text): "\(Self.quoted(text)) is no name of a channel. " + Self.expected
        case .personalPlaylist(let id):
            "The list \(Self.quoted(id)) (Watch later, liked videos) is shown to its owner alone. "
                + "Put its videos into a public or unlisted playlist, or add them one by one."
        case .mix(let id):
            "The list \(Self.quoted(id)) is a mix, which YouTube makes up for each viewer. Add its videos one by one."
        case .temporaryPlaylist(let id):
            "The list \(Self.quoted(id)) is a queue that YouTube forgets. Save it as a playlist, or add its videos."
        case .searchPage: "This is a page of search results. Open a video, channel or playlist and paste its address."
        case .clip: "A clip does not tell which video it is from. Open the full video and paste its address."
        case .unsupportedPage(let page): "\(Self.quoted(page)) is no video, channel or playlist. " + Self.expected
        default: Self.expected
        }
    }

    static let expected = "Expected a link to a YouTube video, channel or playlist, an id, or an @handle."

    private func notALink(_ text: String) -> String {
        if YouTubeHandle(rawValue: "@" + text) != nil {
            return "\(Self.quoted(text)) is neither a link nor an id. If it is a channel's handle, write @\(text)."
        }
        return "\(Self.quoted(text)) is neither a link nor an id. " + Self.expected
    }

    private func malformedVideoID(_ text: String) -> String {
        let count = text.count
        if count != YouTubeVideoID.length {
            return "\(Self.quoted(text)) has \(count) characters; the id of a video has \(YouTubeVideoID.length)."
        }
        return "\(Self.quoted(text)) is no id of a video: there is none with these characters. Was it changed by hand?"
    }

    /// The most characters of theirs that are repeated.
    private static let maximumQuote = 60

    private static func quoted(_ text: String) -> String {
        let cut = text.count > maximumQuote ? text.prefix(maximumQuote) + "…" : text[...]
        return cut.debugDescription
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
