/// A question whose right answer is known.
///
///     {"qid": "f1", "scope": "channel", "channel": "talks", "video_id": "tides", "question": "…", "answer": "…",
///      "answerable": true, "spans": [{"start": 104, "end": 125, "video_id": "tides"}]}
///     {"qid": "t1", "video_id": "tides", "question": "…", "start": 112.18, "end": 127.72}
package struct LabelledQuestion: Sendable, Hashable {
    /// What the question is asked of.
    package enum Scope: String, Sendable, CaseIterable, Decodable {
        case channel
        case video
        /// A channel, and the answer is spread over several of its videos.
        case severalVideos = "channel-multi"
    }

    /// Where the answer is said, in seconds.
    package struct Span: Sendable, Hashable {
        package var video: String
        package var start: Double
        package var end: Double
    }

    package var id: String
    package var question: String
    /// Nil where the set doesn't say: the channel.
    package var scope: Scope?
    package var channel: String?
    /// The video's own name: a file's stem or a YouTube id.
    package var video: String?
    package var isAnswerable: Bool
    /// The right answer in the labeller's words; nil where the set has only its place.
    package var answer: String?
    /// Empty for a question that can't be answered.
    package var spans: [Span]

    /// Every video that the label names.
    var videos: [String] {
        var names = video.map { [$0] } ?? []
        for span in spans where !names.contains(span.video) { names.append(span.video) }
        return names
    }

    /// The questions of a file in the order of its lines.
    ///
    /// - Throws: `EvaluationError` with the number of the line that is wrong, and why.
    package static func read(_ path: String) throws -> [LabelledQuestion] {
        let questions = try JSONLines.read(path, as: LabelledQuestion.self)
        guard !questions.isEmpty else { throw EvaluationError.empty(path: path) }
        return questions
    }
}

extension LabelledQuestion: Decodable {
    private enum Key: String, CodingKey {
        case qid, scope, channel, video_id, question, answer, answerable, spans, start, end
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        id = try fields.decode(String.self, forKey: .qid)
        question = try fields.decode(String.self, forKey: .question)
        scope = try fields.decodeIfPresent(Scope.self, forKey: .scope)
        channel = try fields.decodeIfPresent(String.self, forKey: .channel)
        video = try fields.decodeIfPresent(String.self, forKey: .video_id)
        answer = try fields.decodeIfPresent(String.self, forKey: .answer)
        isAnswerable = try fields.decodeIfPresent(Bool.self, forKey: .answerable) ?? true
        spans = []
        let labels =
            try fields.decodeIfPresent([Label].self, forKey: .spans) ?? [try Label(from: decoder)].filter(\.isThere)
        for label in labels { spans.append(try label.span(in: video, path: decoder.codingPath)) }
        if isAnswerable, spans.isEmpty {
            throw DecodingError.keyNotFound(
                Key.spans, .init(codingPath: decoder.codingPath, debugDescription: "an answer has a place"))
        }
        if scope == .video, video == nil {
            throw DecodingError.keyNotFound(
                Key.video_id, .init(codingPath: decoder.codingPath, debugDescription: "the video is the scope"))
        }
    }

    /// A span as it is written.
    private struct Label: Decodable {
        var video_id: String?
        var start: Double?
        var end: Double?

        var isThere: Bool { start != nil || end != nil }

        func span(in video: String?, path: [any CodingKey]) throws -> Span {
            func corrupted(_ reason: String) -> DecodingError {
                .dataCorrupted(.init(codingPath: path + [Key.spans], debugDescription: reason))
            }
            guard let start, let end, start.isFinite, end.isFinite, start <= end else {
                throw corrupted("expected a start and an end in seconds, the start first")
            }
            guard let name = video_id ?? video else { throw corrupted("expected a video_id") }
            return Span(video: name, start: start, end: end)
        }
    }
}
