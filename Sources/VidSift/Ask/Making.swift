internal import Database
internal import Providers

/// What is known of an answer while it is made.
struct Making: Sendable {
    let asked: StandAloneQuestion
    let route: Route
    var timings = AnswerEvent.Timings()
    var usage: TokenUsage?
    /// What was found, or read of it: only what names it, for an answer takes a while.
    private(set) var retrieved: [Retrieved] = []
    /// The name of the model that was asked.
    var model: String?
    /// Passages that the model was given.
    var given = 0
    /// How often the model was asked for the answer: again where its context is smaller than was thought.
    var attempts = 0
    /// How the passages were read for a broad question; nil where they fitted one prompt.
    var reading: ReadingFigures?
    var finish: ChatEnd.Reason?

    init(asked: StandAloneQuestion, route: Route) {
        self.asked = asked
        self.route = route
        usage = asked.usage
    }

    /// A passage that was found.
    struct Retrieved: Sendable {
        var video: VideoID
        var passage: Int
        var startMilliseconds: Int
        var score: Double
    }

    mutating func note(_ found: Retrieval) {
        note(found.passages)
        timings.embed = found.embedMilliseconds
        timings.search = found.searchMilliseconds
    }

    mutating func note(_ passages: [Retrieval.Passage]) {
        retrieved = passages.map {
            Retrieved(
                video: $0.video.id, passage: $0.passage.ordinal, startMilliseconds: $0.passage.startMilliseconds,
                score: $0.score)
        }
    }

    /// What the answer was made of, as JSON: for `vidsift replay`.
    ///
    /// - Parameter outcome: nil while there is none.
    func receipt(_ outcome: AnswerEvent.Outcome?) -> String {
        var json = JSONWriter()
        json.object { json in
            json.field("route", route.name)
            json.field("question", asked.text)
            json.key("queries")
            json.array(asked.queries) { $0.string($1) }
            json.field("model", model)
            json.field("promptVersion", model == nil ? nil : AnswerPrompt.version)
            json.field("finish", finish?.rawValue)
            json.field("attempts", attempts)
            if let reading {
                json.key("reading")
                reading.write(to: &json)
            }
            json.field("given", given)
            json.key("retrieved")
            json.array(retrieved) { $1.write(to: &$0) }
            if let outcome {
                json.key("used")
                json.array(Set(outcome.citations.map(\.number)).sorted()) { $0.integer($1) }
                json.field("reason", outcome.reason?.rawValue)
                outcome.writeFigures(to: &json)
            }
        }
        return json.text
    }
}

/// How the passages that stand for a scope were read, group by group.
struct ReadingFigures: Sendable {
    let groups: Int
    let passages: Int
    let videos: Int
    /// Groups that the model was asked about.
    var calls = 0
    /// Groups of which there are no notes.
    var unread = 0
    var notes = 0
    var milliseconds = 0.0

    init(_ groups: [[Retrieval.Passage]]) {
        self.groups = groups.count
        let all = groups.flatMap(\.self)
        passages = all.count
        videos = all.videos.count
    }

    mutating func note(_ result: NoteTaking.Result, milliseconds: Double) {
        calls = result.calls
        unread = result.readings.count { !$0.isRead }
        notes = result.readings.reduce(0) { $0 + $1.notes.count }
        self.milliseconds = milliseconds
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("promptVersion", NotesPrompt.version)
            json.field("groups", groups)
            json.field("passages", passages)
            json.field("videos", videos)
            json.field("calls", calls)
            json.field("unread", unread)
            json.field("notes", notes)
            json.field("milliseconds", milliseconds)
        }
    }
}

extension Route {
    fileprivate var name: String {
        switch self {
        case .lookup: "lookup"
        case .broad: "broad"
        case .exhaustive: "exhaustive"
        }
    }
}

extension Making.Retrieved {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("videoId", video.description)
            json.field("passage", passage)
            json.field("startMs", startMilliseconds)
            json.field("score", score)
        }
    }
}
