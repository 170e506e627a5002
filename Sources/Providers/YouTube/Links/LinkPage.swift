/// The address of one of YouTube's pages: reads from its path and parameters what it shows.
struct LinkPage {
    private let site: YouTubeHosts.Site
    private let segments: [String]
    private let query: LinkQuery
    private let fragment: String
    private let depth: Int

    init(_ address: WebAddress, _ site: YouTubeHosts.Site, depth: Int) throws(YouTubeLinkError) {
        self.site = site
        self.depth = depth
        var path = address.path[...]
        var parameters = address.query[...]
        fragment = String(address.fragment)
        // Older pages for telephones and televisions have the whole address behind their #.
        if address.fragment.hasPrefix("/"), ["", "/", "/tv"].contains(path) {
            let parts = address.fragment.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            path = parts[0]
            parameters = parts.count > 1 ? parts[1] : ""
        }
        var segments: [String] = []
        var query = LinkQuery(parameters)
        for segment in path.split(separator: "/") {
            // Where a ? was forgotten, or encoded: `/v/ID&feature=…`, `/ID%3Ft=90`.
            guard let decoded = PercentEncoding.decode(segment) else { throw .malformedEncoding }
            let parts = decoded.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "&" || $0 == "?" }
            segments.append(String(parts[0]))
            if parts.count > 1 { query = query.adding(parts[1]) }
        }
        self.segments = segments
        self.query = query
    }

    func link() throws(YouTubeLinkError) -> YouTubeLink {
        let first = segments.first ?? ""
        switch site {
        case .short: return try shortened(first)
        case .consent: return try wrapped(query["continue"], in: "YouTube's consent page")
        case .pages: break
        }
        if first.hasPrefix("@") { return try handle(first) }
        switch first.lowercased() {
        case "": return try video(named: query["v"], in: "YouTube's start page")
        case "watch", "watch_popup", "ytscreeningroom": return try watched()
        case "shorts": return try video(named: second, in: "a short")
        case "live": return try video(named: second, in: "a broadcast")
        case "v", "vi", "e", "w": return try video(named: second, in: "a video")
        case "embed": return try embedded()
        case "playlist": return try playlist(query["list"])
        case "view_play_list": return try playlist(query["p"].map { $0.hasPrefix("PL") ? $0 : "PL" + $0 })
        case "browse": return try browsed()
        case "channel": return try channel(second)
        case "user": return try user()
        case "c": return .customName(try name(second, of: "a channel"))
        case "feeds": return try feed()
        case "attribution_link": return try wrapped(query["u"] ?? query["a"], in: "an attribution")
        case "oembed": return try wrapped(query["url"], in: "an embedding")
        case "redirect": return try wrapped(query["q"], in: "a page outside YouTube")
        case "signin": return try wrapped(query["next"], in: "YouTube's sign-in page")
        case "results", "search": throw .searchPage
        case "clip": throw .clip
        case "watch_videos": throw .temporaryPlaylist(query["title"] ?? first)
        default: return try vanity(first)
        }
    }

    private var second: String? { segments.count > 1 ? segments[1] : nil }

    // MARK: Videos

    private func shortened(_ first: String) throws(YouTubeLinkError) -> YouTubeLink {
        switch first.lowercased() {
        case "watch": try watched()
        case "playlist": try playlist(query["list"])
        case "shorts", "live", "embed", "v": try video(named: second, in: "a video")
        default: try video(named: first.isEmpty ? nil : first, in: "a video")
        }
    }

    private func watched() throws(YouTubeLinkError) -> YouTubeLink {
        if let id = query["v"] ?? query["vi"] ?? second { return try video(named: id, in: "a video") }
        guard let list = query["list"] else { throw .noID(page: "a video") }
        return try playlist(list)
    }

    private func embedded() throws(YouTubeLinkError) -> YouTubeLink {
        switch second {
        case "videoseries": return try playlist(query["list"])
        case "live_stream": return try channel(query["channel"])
        case nil where query["listtype"] == "user_uploads": return .user(try name(query["list"], of: "a channel"))
        case nil where query["list"] != nil: return try playlist(query["list"])
        default: return try video(named: second, in: "a video")
        }
    }

    private func video(named text: String?, in page: String) throws(YouTubeLinkError) -> YouTubeLink {
        guard let text, !text.isEmpty else { throw .noID(page: page) }
        // A second ? where an & belongs: `watch?v=ID?t=90`.
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "?" || $0 == "&" }
        guard let id = YouTubeVideoID(rawValue: String(parts[0])) else { throw .malformedVideoID(String(parts[0])) }
        let query = parts.count > 1 ? query.adding(parts[1]) : query
        // Most links with a personal list are meant for their video.
        let list = query["list"].flatMap { try? LinkPlaylist.id($0) }
        return .video(id, startSeconds: start(query), playlist: list)
    }

    private func start(_ query: LinkQuery) -> Int? {
        if let text = query["t"] ?? query["start"] ?? query["time_continue"] { return StartTime.seconds(text) }
        guard let mark = fragment.split(separator: "&").first(where: { $0.hasPrefix("t=") }) else { return nil }
        return StartTime.seconds(String(mark.dropFirst(2)))
    }

    // MARK: Lists and channels

    private func playlist(_ id: String?) throws(YouTubeLinkError) -> YouTubeLink {
        guard let id else { throw .noID(page: "a playlist") }
        return .playlist(try LinkPlaylist.id(id))
    }

    private func browsed() throws(YouTubeLinkError) -> YouTubeLink {
        guard let id = second else { throw .noID(page: "a page of YouTube Music") }
        if id.hasPrefix("VL") { return try playlist(id) }
        if id.hasPrefix("UC") { return try channel(id) }
        throw .unsupportedPage("/browse/" + id)
    }

    private func channel(_ id: String?) throws(YouTubeLinkError) -> YouTubeLink {
        guard let id else { throw .noID(page: "a channel") }
        guard let channel = YouTubeChannelID(rawValue: id) else { throw .malformedChannelID(id) }
        return .channel(channel)
    }

    private func handle(_ text: String) throws(YouTubeLinkError) -> YouTubeLink {
        guard let handle = YouTubeHandle(rawValue: text) else { throw .malformedHandle(text) }
        return .handle(handle)
    }

    private func user() throws(YouTubeLinkError) -> YouTubeLink {
        // Pages of users once had their videos behind the #: `/user/NAME#p/u/1/ID`.
        if fragment.hasPrefix("p/"), let id = fragment.split(separator: "/").last,
            let video = YouTubeVideoID(rawValue: String(id))
        {
            return .video(video)
        }
        return .user(try name(second, of: "a channel"))
    }

    private func name(_ text: String?, of page: String) throws(YouTubeLinkError) -> YouTubeName {
        guard let text, !text.isEmpty else { throw .noID(page: page) }
        guard let name = YouTubeName(rawValue: text) else { throw .malformedName(text) }
        return name
    }

    private func feed() throws(YouTubeLinkError) -> YouTubeLink {
        guard second == "videos.xml" else { throw .unsupportedPage("/feeds/" + (second ?? "")) }
        if let id = query["channel_id"] { return try channel(id) }
        if let list = query["playlist_id"] { return try playlist(list) }
        return .user(try name(query["user"], of: "a channel's feed"))
    }

    /// A channel's own name right behind the host, with or without one of its pages.
    private func vanity(_ first: String) throws(YouTubeLinkError) -> YouTubeLink {
        let isChannels = second.map { Self.channelPages.contains($0.lowercased()) } ?? true
        guard isChannels, !Self.otherPages.contains(first.lowercased()), segments.count <= 2,
            let name = YouTubeName(rawValue: first)
        else { throw .unsupportedPage("/" + segments.joined(separator: "/")) }
        return .customName(name)
    }

    private static let channelPages: Set = [
        "about", "channels", "community", "courses", "featured", "home", "join", "live", "membership", "playlists",
        "podcasts", "posts", "releases", "search", "shorts", "store", "streams", "videos",
    ]
    /// The pages of YouTube's own; whatever else stands there is a channel's name.
    private static let otherPages: Set = [
        "about", "account", "ads", "api", "channel_switcher", "charts", "comment", "course", "courses", "creators",
        "dashboard", "explore", "feed", "gaming", "get_video_info", "hashtag", "howyoutubeworks", "iframe_api", "index",
        "intl", "jobs", "kids", "logout", "movie", "movies", "music", "my_videos", "new", "oops", "opensearch",
        "paid_memberships", "podcasts", "post", "premium", "s", "shared", "show", "shows", "source", "static",
        "storefront", "t", "testtube", "trending", "tv", "upload", "yt", "youtubei",
    ]

    // MARK: Addresses in addresses

    private func wrapped(_ text: String?, in page: String) throws(YouTubeLinkError) -> YouTubeLink {
        guard depth < LinkReader.maximumDepth else { throw .tooManyRedirects }
        guard let text else { throw .noID(page: page) }
        let isPath = text.hasPrefix("/") && !text.hasPrefix("//")
        return try LinkReader.link(at: isPath ? "https://www.youtube.com" + text : text, depth: depth + 1)
    }
}
