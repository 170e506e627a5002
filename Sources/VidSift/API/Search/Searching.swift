internal import Captions
internal import Hummingbird
internal import Providers

extension API {
    /// Hits where nothing is said.
    private static let defaultHits = 10

    /// `GET /api/search`
    func search(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try RequestQuery(request)
        let question = try question(of: query)
        let limit = try query.limit(default: Self.defaultHits)
        let scope = try await subject(of: query).scope(on: database)
        let mode = try searchMode(of: query)
        let found = try await retriever.retrieve(
            Retriever.Request(question: question, scope: scope, mode: mode, limit: limit))
        return .success { json in
            json.field("mode", mode.rawValue)
            json.key("hits")
            json.array(found.passages) { $1.write(to: &$0, question: question) }
            json.key("coverage")
            found.coverage.write(to: &json)
        }
    }

    private func question(of query: RequestQuery) throws -> String {
        guard let text = try query.text("q")?.trimmed else { throw Problem.invalid("q is missing.") }
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else {
            throw Problem.invalid("q: expected words to look for.")
        }
        guard text.utf8.count <= Question.maximumBytes else {
            throw Problem.invalid("q: expected at most \(Question.maximumBytes) bytes.")
        }
        return text
    }

    /// The mode that is wanted, or the one that is left without an embedding model.
    private func searchMode(of query: RequestQuery) throws -> SearchMode {
        let mode = try query.choice("mode", default: SearchMode.hybrid)
        guard let absence = embedder.absence, mode != .keyword else { return mode }
        guard mode == .hybrid else {
            throw Problem(
                status: .serviceUnavailable, code: .notReady, detail: "Search by meaning is not possible: \(absence).")
        }
        return .keyword
    }

    private func subject(of query: RequestQuery) throws -> Question.Subject {
        let video = try query.text("videoId")
        let channel = try query.text("channelId")
        guard video == nil || channel == nil else {
            throw Problem.invalid("Expected one of videoId and channelId, found both.")
        }
        return Question.Subject(videos: video.map { [$0] } ?? [], channel: channel)
    }
}

extension Retrieval.Passage {
    /// The moments of the best unit, or of the passage where there are no vectors.
    private var moments: Range<MediaTime> {
        let range = hit.bestUnit ?? hit.milliseconds
        return MediaTime(milliseconds: range.lowerBound)..<MediaTime(milliseconds: range.upperBound)
    }

    fileprivate func write(to json: inout JSONWriter, question: String) {
        json.object { json in
            json.field("videoId", video.id.description)
            json.field("youtubeId", video.youtubeID)
            json.field("videoTitle", video.title)
            json.field("start", moments.lowerBound.seconds)
            json.field("end", moments.upperBound.seconds)
            json.field("timestamp", moments.lowerBound.timestamp)
            json.field("text", passage.text)
            json.field(
                "marked",
                HTML.marked(
                    passage.text, at: MatchedWords.ranges(in: passage.text, query: question, language: language)))
            json.field("score", score)
            json.field("url", video.url(at: moments.lowerBound))
        }
    }
}
