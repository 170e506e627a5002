internal import Captions
internal import Hummingbird

extension API {
    /// `GET /videos/:id?t=82`: the page to which citations link whose recording is not on YouTube.
    ///
    /// The cue that is said at `t` seconds is marked and takes the focus, so browsers scroll to it without a script.
    func transcriptPage(_ request: Request, _ context: APIContext) async throws -> Response {
        let second = try RequestQuery(request).integer("t", in: 0...Int(Int32.max))
        let video = try await namedVideo(context)
        let transcript = try await transcript(of: video)
        let marked = second.flatMap { transcript.cue(at: $0) }
        return Page.response(title: video.title) { html in
            html.markup("<p><a href=\"/\">All recordings</a></p>\n<h1>")
            html.escaped(video.title)
            html.markup("</h1>\n")
            if let youtubeID = video.youtubeID {
                html.markup("<p><a href=\"https://www.youtube.com/watch?v=")
                html.escaped(youtubeID)
                html.markup("\" rel=\"noreferrer\">On YouTube</a></p>\n")
            }
            html.markup("<ol>\n")
            for (index, cue) in transcript.cues.enumerated() { cue.write(to: &html, isMarked: index == marked) }
            html.markup("</ol>\n")
        }
    }
}

extension Transcript {
    /// The cue to which a link means to lead. Links begin a little before the cited word.
    fileprivate func cue(at second: Int) -> Int? {
        cues.lastIndex { $0.start.wholeSeconds <= second + VideoReference.lead } ?? cues.indices.first
    }
}

extension Cue {
    fileprivate func write(to html: inout HTML, isMarked: Bool) {
        if isMarked { html.markup("<li id=\"now\" tabindex=\"-1\" autofocus>") } else { html.markup("<li>") }
        html.markup("<span class=\"t\">")
        html.escaped(start.timestamp)
        html.markup("</span> <span>")
        if let speaker {
            html.markup("<b>")
            html.escaped(speaker)
            html.markup(":</b> ")
        }
        html.escaped(text)
        html.markup("</span></li>\n")
    }
}
