internal import Database
internal import VidSift

/// A channel or list of YouTube, and how far it has come.
struct ListedChannelState: Sendable {
    var channel: Channel
    var listing: ChannelListing
    var report: ChannelReport

    /// - Returns: nil for a channel that is not from YouTube.
    init?(_ channel: Channel, on database: Database) async throws {
        guard let listing = try await ChannelListing.get(channel.id, on: database) else { return nil }
        self.channel = channel
        self.listing = listing
        report = try await ChannelReport.get(channel.id, on: database)
    }

    /// The channel that a person means.
    ///
    /// - Throws: `AskError` where there is none, `NotFromYouTube`.
    static func named(_ reference: String, on database: Database) async throws -> ListedChannelState {
        guard let channel = try await LibraryReference.channel(reference, on: database) else {
            throw AskError.noSuchChannel(reference)
        }
        guard let state = try await ListedChannelState(channel, on: database) else {
            throw NotFromYouTube(title: channel.title)
        }
        return state
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("channel")
            channel.write(to: &json)
            json.key("listing")
            listing.write(to: &json)
            json.key("report")
            report.write(to: &json)
        }
    }
}

/// A channel of one's own recordings has no list on YouTube.
struct NotFromYouTube: Error, CustomStringConvertible {
    var title: String
    var description: String { "The channel \"\(title)\" is not from YouTube." }
}
