/// The id of a video: 64 bits in base64 for addresses, eleven characters.
public struct YouTubeVideoID: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The eleven characters.
    public let rawValue: String

    /// The characters of an id.
    public static let length = 11

    /// Nil for anything that can't be an id: another length, other characters, or bits behind the 64th.
    public init?(rawValue: String) {
        guard rawValue.utf8.count == Self.length, IDAlphabet.holds(rawValue),
            rawValue.utf8.last.map(IDAlphabet.endsVideoID) == true
        else { return nil }
        self.rawValue = rawValue
    }

    /// The id itself.
    public var description: String { rawValue }
}

/// The id of a channel: `UC` and 128 bits in base64 for addresses, 24 characters.
public struct YouTubeChannelID: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The 24 characters, `UC` among them.
    public let rawValue: String

    /// The characters of an id.
    public static let length = 24
    static let prefix = "UC"

    /// Nil for anything that can't be an id.
    public init?(rawValue: String) {
        guard rawValue.hasPrefix(Self.prefix), Self.isTail(rawValue.dropFirst(Self.prefix.count)) else { return nil }
        self.rawValue = rawValue
    }

    /// The id itself.
    public var description: String { rawValue }

    /// The id without `UC`, as it stands in the ids of the channel's own lists.
    var tail: Substring { rawValue.dropFirst(Self.prefix.count) }

    static func isTail(_ text: Substring) -> Bool {
        text.utf8.count == length - prefix.count && IDAlphabet.holds(text)
            && text.utf8.last.map(IDAlphabet.endsChannelID) == true
    }
}

/// The id of a list that everybody may see: somebody's playlist (`PL`), a channel's uploads (`UU`), its favourites
/// (`FL`), its most watched (`PU`), or an album (`OLAK5uy_`).
///
/// Lists that are made for each viewer (`WL`, `LL`, `RD`, …) have ids, too, but nobody else can read them: they are
/// refused by ``YouTubeLink`` with a reason, and are no values of this type.
public struct YouTubePlaylistID: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The id, its prefix among it.
    public let rawValue: String

    /// YouTube promises no length, so there is only a limit.
    static let maximumLength = 64
    /// `PL` and 64 bits in hexadecimal, the oldest form.
    private static let minimumLength = 18

    /// Nil for anything that can't be the id of a public list.
    public init?(rawValue: String) {
        guard (Self.minimumLength...Self.maximumLength).contains(rawValue.utf8.count), IDAlphabet.holds(rawValue)
        else { return nil }
        let tail = rawValue.dropFirst(2)
        switch rawValue.prefix(2) {
        case "PL": break
        case "OL": guard rawValue.hasPrefix("OLAK5uy_") else { return nil }
        case "FL", "PU": guard YouTubeChannelID.isTail(tail) else { return nil }
        case "UU": guard YouTubeChannelID.isTail(tail) || Self.isKind(tail) else { return nil }
        default: return nil
        }
        self.rawValue = rawValue
    }

    /// The id itself.
    public var description: String { rawValue }

    /// A part of a channel's uploads: two capital letters before the channel's own characters.
    private static func isKind(_ tail: Substring) -> Bool {
        tail.prefix(2).utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
            && YouTubeChannelID.isTail(tail.dropFirst(2))
    }
}

/// What is in a list of a channel's uploads.
public enum YouTubeUploads: String, Sendable, CaseIterable {
    /// All that everybody may see, the newest first.
    case all = "UU"
    /// Without shorts and broadcasts.
    case long = "UULF"
    /// Shorts alone: no other list, and no field of the Data API, tells them from short videos.
    case shorts = "UUSH"
    /// Broadcasts, running and past.
    case broadcasts = "UULV"
    /// For the channel's paying members alone.
    case membersOnly = "UUMO"
}

extension YouTubeChannelID {
    /// The list of this channel's uploads, which needs no request to find. A part with nothing in it does not exist:
    /// asking for it is answered "not found".
    ///
    /// Only ``YouTubeUploads/all`` is documented by YouTube; the others have been stable for years.
    public func uploads(_ part: YouTubeUploads = .all) -> YouTubePlaylistID? {
        YouTubePlaylistID(rawValue: part.rawValue + tail)
    }
}

/// The characters of YouTube's ids: base64 for addresses.
enum IDAlphabet {
    static func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    static func holds(_ text: some StringProtocol) -> Bool { text.utf8.allSatisfy(contains) }

    /// Eleven characters have 66 bits: the last two are 0. YouTube has refused all others since 2020.
    static func endsVideoID(_ byte: UInt8) -> Bool { "AEIMQUYcgkosw048".utf8.contains(byte) }
    /// 22 characters have 132 bits: the last four are 0.
    static func endsChannelID(_ byte: UInt8) -> Bool { "AQgw".utf8.contains(byte) }
}
