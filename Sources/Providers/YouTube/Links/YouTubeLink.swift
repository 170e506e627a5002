/// What a pasted link, id or handle leads to, typed and checked.
///
/// Reading it contacts nobody. What can't be read is a ``YouTubeLinkError`` that says what was wrong and what is
/// expected.
public enum YouTubeLink: Sendable, Hashable {
    /// A video, short or broadcast; where it is to begin, in seconds; and the list it was found in, where everybody may
    /// see that list.
    case video(YouTubeVideoID, startSeconds: Int? = nil, playlist: YouTubePlaylistID? = nil)
    /// A channel by its id.
    case channel(YouTubeChannelID)
    /// A channel by its handle.
    case handle(YouTubeHandle)
    /// A channel by the name of its user, given until 2014 (`/user/…`).
    case user(YouTubeName)
    /// A channel by the name of its own that it could choose until 2022 (`/c/…`, or behind the host alone).
    ///
    /// No call of the Data API finds a channel by it: the handle of the same letters may be somebody else's.
    case customName(YouTubeName)
    /// A list that everybody may see.
    case playlist(YouTubePlaylistID)

    /// Reads what a person pasted: an address in any of YouTube's forms, with or without its scheme, or a bare id or
    /// `@handle`; blanks, invisible characters, quotes and brackets around it are passed over.
    public init(_ text: String) throws(YouTubeLinkError) {
        self = try LinkReader.link(in: text)
    }

    /// The one address of it that this program uses: always at `https://www.youtube.com/`.
    public var canonicalURL: String {
        switch self {
        case .video(let id, let start, let playlist):
            address("/watch?v=\(id)") + (playlist.map { "&list=\($0)" } ?? "") + (start.map { "&t=\($0)s" } ?? "")
        case .channel(let id): address("/channel/\(id)")
        case .handle(let handle): address("/@" + PercentEncoding.encode(handle.rawValue.dropFirst()))
        case .user(let name): address("/user/" + PercentEncoding.encode(name.rawValue))
        case .customName(let name): address("/c/" + PercentEncoding.encode(name.rawValue))
        case .playlist(let id): address("/playlist?list=\(id)")
        }
    }

    private func address(_ path: String) -> String { "https://www.youtube.com" + path }
}
