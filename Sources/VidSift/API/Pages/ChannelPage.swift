internal import Captions
internal import Hummingbird

extension API {
    /// `GET /channels/:id`: a channel's recordings, and how far each of them is; notices link to it.
    func channelPage(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try RequestQuery(request)
        let limit = try query.limit(default: RequestQuery.pageSizes.upperBound)
        let channel = try await namedChannel(context)
        let page = ListPage(
            try await Video.list(in: channel.id, after: query.cursor(), limit: limit + 1, on: database), limit: limit)
        return Page.response(title: channel.title) { html in
            html.markup("<p><a href=\"/\">All recordings</a></p>\n<h1>")
            html.escaped(channel.title)
            html.markup("</h1>\n<p class=\"s\">")
            html.escaped(channel.videos == 1 ? "1 video" : "\(channel.videos) videos")
            html.markup("</p>\n<ol>\n")
            for video in page.entries { video.write(to: &html) }
            html.markup("</ol>\n")
            if let cursor = page.cursor {
                html.markup("<p><a href=\"?cursor=")
                html.escaped(cursor)
                html.markup("\">More</a></p>\n")
            }
        }
    }
}
