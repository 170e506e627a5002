internal import Captions
internal import Database
internal import VidSift

/// All videos or channels, page by page.
enum LibraryListing {
    private static let pageSize = 200

    static func videos(in channel: ChannelID?, on database: Database) async throws -> [Video] {
        try await all { try await Video.list(in: channel, after: $0, limit: pageSize, on: database) }
    }

    static func channels(on database: Database) async throws -> [Channel] {
        try await all { try await Channel.list(after: $0, limit: pageSize, on: database) }
    }

    private static func all<Item: Identifiable>(_ page: (Item.ID?) async throws -> [Item]) async throws -> [Item] {
        var items: [Item] = []
        while true {
            let next = try await page(items.last?.id)
            items += next
            if next.count < pageSize { return items }
        }
    }

    /// Id, length, state and title, parted by tabs, so that `cut` and `awk` can read it.
    static func line(_ video: Video) -> String {
        let title = Clean.line(video.title)
        return
            "\(video.id)\t\(video.duration.timestamp)\t\(video.state.rawValue)\t\(Clean.line(video.sourceID))\t\(title)"
    }

    /// Id, number of videos and title, parted by tabs.
    static func line(_ channel: Channel) -> String {
        "\(channel.id)\t\(channel.videos)\t\(Clean.line(channel.title))"
    }
}

extension Scope {
    /// The channel, where the scope is one.
    var onlyChannel: ChannelID? {
        guard case .channel(let id) = self else { return nil }
        return id
    }
}
