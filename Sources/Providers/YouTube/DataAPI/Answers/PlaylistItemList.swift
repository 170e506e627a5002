/// The answer to `playlistItems.list`.
struct PlaylistItemList: Decodable {
    var etag: String?
    var nextPageToken: String?
    var pageInfo: PageInfo?
    var items: [Item]?

    struct PageInfo: Decodable {
        var totalResults: Int?
    }

    struct Item: Decodable {
        var snippet: Snippet?
        var contentDetails: Details?
        var status: APIStatus?
    }

    struct Snippet: Decodable {
        var title: String?
        var publishedAt: String?
        var position: Int?
        var resourceId: Resource?
    }

    struct Resource: Decodable {
        var kind: String?
        var videoId: String?
    }

    struct Details: Decodable {
        var videoId: String?
        var videoPublishedAt: String?
    }
}
