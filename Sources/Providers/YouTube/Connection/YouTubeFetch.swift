/// What was asked for, or that it is as it was.
public enum YouTubeFetch<Value: Sendable>: Sendable {
    /// Nothing has changed since the answer with these ``YouTubeValidators``.
    case unchanged
    /// The value, and what to ask with the next time.
    case fetched(Value, YouTubeValidators)
}

/// What an answer is recognised by, to ask next time only for what has changed.
public struct YouTubeValidators: Sendable, Hashable, Codable {
    /// The answer's mark, in its quotes.
    public var etag: String?
    /// When it last changed, as the server wrote it.
    public var lastModified: String?

    /// Values that can't stand in a header are dropped: then the whole answer comes again.
    public init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = Self.checked(etag).map(Self.quoted)
        self.lastModified = Self.checked(lastModified)
    }

    private static let maximumBytes = 256

    /// The conditional request's headers.
    var headers: [(String, String)] {
        [etag.map { ("if-none-match", $0) }, lastModified.map { ("if-modified-since", $0) }].compactMap(\.self)
    }

    private static func checked(_ text: String?) -> String? {
        guard let text, (1...maximumBytes).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        return text
    }

    /// In the Data API's bodies, marks stand without their quotes; older ones have them.
    private static func quoted(_ etag: String) -> String {
        etag.hasPrefix("\"") || etag.hasPrefix("W/") ? etag : "\"\(etag)\""
    }
}
