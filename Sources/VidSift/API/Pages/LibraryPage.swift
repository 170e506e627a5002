internal import Captions
internal import Hummingbird

extension API {
    /// `GET /`: what this is, and the recordings.
    func libraryPage(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try RequestQuery(request)
        let limit = try query.limit(default: RequestQuery.pageSizes.upperBound)
        let page = ListPage(
            try await Video.list(after: query.cursor(), limit: limit + 1, on: database), limit: limit)
        return Page.response(title: "VidSift") { html in
            html.markup(
                """
                <h1>VidSift</h1>
                <p>Ask recordings a question; every sentence of the answer links to the second at which it was said.</p>
                <p class="s">Ask with <code>vidsift ask</code>, or with <code>POST /api/chat/stream</code>:
                <a href="/openapi.yaml">the interface</a>.</p>

                """)
            html.markup("<ol>\n")
            for video in page.entries { video.write(to: &html) }
            html.markup("</ol>\n")
            if page.entries.isEmpty { html.markup("<p>Nothing is here yet: <code>vidsift add FILE</code>.</p>\n") }
            if let cursor = page.cursor {
                html.markup("<p><a href=\"/?cursor=")
                html.escaped(cursor)
                html.markup("\">More</a></p>\n")
            }
        }
    }
}

extension Video {
    /// A line of a list, which leads to its page.
    func write(to html: inout HTML) {
        html.markup("<li><span class=\"t\">")
        html.escaped(MediaTime(milliseconds: durationMilliseconds).timestamp)
        html.markup("</span> <span><a href=\"/videos/")
        html.escaped(id.description)
        html.markup("\">")
        html.escaped(title)
        html.markup("</a>")
        if state != .ready {
            html.markup(" <span class=\"s\">")
            html.escaped(state.rawValue)
            html.markup("</span>")
        }
        html.markup("</span></li>\n")
    }
}
