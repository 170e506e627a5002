/// The answer to `channels.list`.
struct ChannelList: Decodable {
    var items: [Item]?

    struct Item: Decodable {
        var id: String?
        var snippet: Snippet?
        var contentDetails: Details?
        var statistics: Statistics?
    }

    struct Snippet: Decodable {
        var title: String?
        var description: String?
        var customUrl: String?
        var publishedAt: String?
    }

    struct Details: Decodable {
        var relatedPlaylists: Related?
    }

    struct Related: Decodable {
        var uploads: String?
    }

    struct Statistics: Decodable {
        var videoCount: APINumber?
    }
}
