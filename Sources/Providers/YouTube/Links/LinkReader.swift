/// Tells bare ids and handles from addresses, and the addresses of YouTube from all others.
enum LinkReader {
    /// Addresses in addresses (`redirect?q=`, `oembed?url=`) are read so deep.
    static let maximumDepth = 2

    static func link(in pasted: String) throws(YouTubeLinkError) -> YouTubeLink {
        guard pasted.utf8.count <= YouTubeLinkError.maximumBytes else { throw .tooLong }
        let text = PastedText.core(of: pasted)
        guard !text.isEmpty else { throw .empty }
        // A handle may have a page of its channel behind it.
        if text.first == "@" { return try link(at: "https://www.youtube.com/" + text, depth: 0) }
        return text.contains(where: { "/?#:.%".contains($0) }) ? try link(at: text, depth: 0) : try id(text)
    }

    /// The link that the address `text` is.
    static func link(at text: String, depth: Int) throws(YouTubeLinkError) -> YouTubeLink {
        if let scalar = PastedText.forbidden(in: text) { throw .forbiddenCharacter(scalar) }
        let address: WebAddress
        do {
            address = try WebAddress(text, defaultScheme: "https")
        } catch {
            throw YouTubeLinkError(error)
        }
        if let port = address.port { throw .hasPort("\(port)") }
        guard let site = YouTubeHosts.site(of: address.host) else {
            throw depth > 0 ? .leadsElsewhere(host: address.host) : .notYouTube(host: address.host)
        }
        return try LinkPage(address, site, depth: depth).link()
    }

    private static func id(_ text: String) throws(YouTubeLinkError) -> YouTubeLink {
        if let scalar = PastedText.forbidden(in: text) {
            throw text.unicodeScalars.contains(where: \.properties.isWhitespace)
                ? .notALink(text) : .forbiddenCharacter(scalar)
        }
        if let video = YouTubeVideoID(rawValue: text) { return .video(video) }
        if let channel = YouTubeChannelID(rawValue: text) { return .channel(channel) }
        if let playlist = try? LinkPlaylist.id(text) { return .playlist(playlist) }
        if LinkPlaylist.isKnownKind(text) { throw LinkPlaylist.refusal(of: text) }
        if IDAlphabet.holds(text) {
            if text.utf8.count == YouTubeVideoID.length { throw .malformedVideoID(text) }
            if text.hasPrefix("UC") && text.utf8.count > 20 { throw .malformedChannelID(text) }
        }
        throw .notALink(text)
    }
}

/// Tells the lists that everybody may see from those that only their owner has.
enum LinkPlaylist {
    static func id(_ text: String) throws(YouTubeLinkError) -> YouTubePlaylistID {
        var text = text
        // The id of a list's page is the list's with VL before it; EC and SP are older forms of PL.
        if text.hasPrefix("VL") { text.removeFirst(2) }
        if text.hasPrefix("EC") || text.hasPrefix("SP") { text = "PL" + text.dropFirst(2) }
        guard let id = YouTubePlaylistID(rawValue: text) else { throw refusal(of: text) }
        return id
    }

    /// Whether a bare text of no other meaning is the id of a list, if only of one that can't be had.
    static func isKnownKind(_ text: String) -> Bool {
        switch refusal(of: text) {
        case .malformedPlaylistID:
            IDAlphabet.holds(text) && text.utf8.count > YouTubeVideoID.length
                && ["PL", "UU", "OLAK5uy_"].contains { text.hasPrefix($0) }
        default: true
        }
    }

    static func refusal(of text: String) -> YouTubeLinkError {
        guard IDAlphabet.holds(text) else { return .malformedPlaylistID(text) }
        if ["WL", "LL", "LM", "FL", "HL"].contains(text) { return .personalPlaylist(text) }
        guard text.utf8.count > YouTubeVideoID.length || text == "RDMM" else { return .malformedPlaylistID(text) }
        let tail = text.dropFirst(2)
        switch text.prefix(2) {
        case "LL" where YouTubeChannelID.isTail(tail): return .personalPlaylist(text)
        case "UL" where YouTubeVideoID(rawValue: String(tail)) != nil: return .mix(text)
        case "RD": return .mix(text)
        case "TL" where text.hasPrefix("TLGG") || text.hasPrefix("TLPQ"): return .temporaryPlaylist(text)
        default: return .malformedPlaylistID(text)
        }
    }
}

extension YouTubeLinkError {
    init(_ problem: WebAddress.Problem) {
        self =
            switch problem {
            case .scheme(let scheme): .unsupportedScheme(scheme)
            case .userInfo: .hasUserInfo
            case .port(let port): .hasPort(port)
            case .host(let host): .notYouTube(host: host)
            }
    }
}
