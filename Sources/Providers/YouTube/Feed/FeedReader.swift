extension YouTubeFeedDocument {
    /// Reads a feed.
    ///
    /// - Throws: ``XMLScanner/Malformed`` for what is no XML, cut short, beyond a limit, or no feed.
    init(xml: [UInt8]) throws(XMLScanner.Malformed) {
        var reader = FeedReader()
        var scanner = try XMLScanner(xml)
        while let event = try scanner.next() { try reader.read(event) }
        self = try reader.document()
    }
}

/// Puts a feed together from its elements; those that are not known are passed over.
private struct FeedReader {
    /// The most entries that are read; YouTube sends 15.
    private static let maximumEntries = 200

    private var path: [String] = []
    private var texts: [String] = []
    private var feed: Feed?
    private var entry: Entry?

    private struct Feed {
        var channel: String?
        var address: String?
        var title = ""
        var entries: [YouTubeFeedEntry] = []
        var skipped = 0
    }

    private struct Entry {
        var video: String?
        var channel: String?
        var title = ""
        var published: String?
        var updated: String?
        var views: String?
        var isShort = false
    }

    mutating func read(_ event: XMLScanner.Event) throws(XMLScanner.Malformed) {
        switch event {
        case .start(let name, let attributes): try start(name, attributes)
        case .text(let text): if !texts.isEmpty { texts[texts.count - 1] += text }
        case .end(let name): try end(name)
        }
    }

    func document() throws(XMLScanner.Malformed) -> YouTubeFeedDocument {
        guard let feed else { throw XMLScanner.Malformed("it is no feed") }
        return YouTubeFeedDocument(
            channel: channel(feed), title: feed.title, entries: feed.entries, skipped: feed.skipped)
    }

    private mutating func start(_ name: String, _ attributes: [String: String]) throws(XMLScanner.Malformed) {
        path.append(name)
        texts.append("")
        switch path.count {
        case 1:
            guard name == "feed" else { throw XMLScanner.Malformed("it is no feed") }
            feed = Feed()
        case 2 where name == "entry": entry = Entry()
        case 2 where name == "link" && attributes["rel"] == "alternate": feed?.address = attributes["href"]
        case 3 where name == "link" && attributes["rel"] == "alternate":
            entry?.isShort = attributes["href"]?.contains("/shorts/") == true
        default: if name == "media:statistics" { entry?.views = attributes["views"] }
        }
    }

    private mutating func end(_ name: String) throws(XMLScanner.Malformed) {
        let text = texts.popLast() ?? ""
        path.removeLast()
        switch (path.count, name) {
        case (1, "entry"): try finish()
        case (1, "title"): feed?.title = text
        case (1, "yt:channelId"): feed?.channel = text
        case (2, "yt:videoId"): entry?.video = text
        case (2, "yt:channelId"): entry?.channel = text
        case (2, "title"): entry?.title = text
        case (2, "published"): entry?.published = text
        case (2, "updated"): entry?.updated = text
        default: break
        }
    }

    private mutating func finish() throws(XMLScanner.Malformed) {
        guard let entry else { return }
        self.entry = nil
        guard let count = feed?.entries.count, count < Self.maximumEntries else {
            throw XMLScanner.Malformed("it has more than \(Self.maximumEntries) entries")
        }
        guard let video = entry.video.flatMap(YouTubeVideoID.init) else {
            feed?.skipped += 1
            return
        }
        feed?.entries.append(
            YouTubeFeedEntry(
                video: video, channel: Self.channel(entry.channel), title: entry.title,
                publishedAt: InternetTime.date(entry.published), updatedAt: InternetTime.date(entry.updated),
                views: entry.views.flatMap(Int.init), isShort: entry.isShort))
    }

    private func channel(_ feed: Feed) -> YouTubeChannelID? {
        Self.channel(feed.channel) ?? Self.channel(feed.address?.split(separator: "/").last.map(String.init))
    }

    /// Outside of the entries, the channel's id stands without its `UC`.
    private static func channel(_ text: String?) -> YouTubeChannelID? {
        guard let text else { return nil }
        return YouTubeChannelID(rawValue: text) ?? YouTubeChannelID(rawValue: YouTubeChannelID.prefix + text)
    }
}
