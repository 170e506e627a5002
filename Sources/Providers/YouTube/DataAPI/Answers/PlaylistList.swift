/// The answer to `playlists.list`.
struct PlaylistList: Decodable {
    var items: [Item]?

    struct Item: Decodable {
        var id: String?
        var snippet: Snippet?
        var contentDetails: Details?
        var status: APIStatus?
    }

    struct Snippet: Decodable {
        var title: String?
        var channelId: String?
        var channelTitle: String?
    }

    struct Details: Decodable {
        var itemCount: Int?
    }
}

/// Who may see something.
struct APIStatus: Decodable {
    var privacyStatus: String?
}
