internal import Providers

/// What is known of an answer while it is made.
struct Making: Sendable {
    let asked: StandAloneQuestion
    let route: Route
    var timings = AnswerEvent.Timings()
    var usage: TokenUsage?
    var found: Retrieval?
    /// The name of the model that was asked.
    var model: String?
    /// Passages that the model was given.
    var given = 0
    var finish: ChatEnd.Reason?

    init(asked: StandAloneQuestion, route: Route) {
        self.asked = asked
        self.route = route
        usage = asked.usage
    }

    mutating func note(_ found: Retrieval) {
        self.found = found
        timings.embed = found.embedMilliseconds
        timings.search = found.searchMilliseconds
    }

    /// Tokens of one more call.
    mutating func add(_ more: TokenUsage?) {
        guard let more else { return }
        usage = TokenUsage(
            promptTokens: (usage?.promptTokens ?? 0) + more.promptTokens,
            completionTokens: (usage?.completionTokens ?? 0) + more.completionTokens)
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
            json.field("given", given)
            json.key("retrieved")
            json.array(found?.passages ?? []) { $1.writeReceipt(to: &$0) }
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

extension Route {
    fileprivate var name: String {
        switch self {
        case .lookup: "lookup"
        case .broad: "broad"
        case .exhaustive: "exhaustive"
        }
    }
}

extension Retrieval.Passage {
    fileprivate func writeReceipt(to json: inout JSONWriter) {
        json.object { json in
            json.field("videoId", video.id.description)
            json.field("passage", passage.ordinal)
            json.field("startMs", passage.startMilliseconds)
            json.field("score", score)
        }
    }
}
