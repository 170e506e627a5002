internal import Hummingbird

/// The events of an answer, collected for a client that wants it in one piece.
struct WholeAnswer: Sendable {
    private(set) var text = ""
    /// Where the text cites.
    private(set) var annotations: [CitationAnnotation] = []
    /// Nil until the answer has ended well.
    private(set) var outcome: AnswerEvent.Outcome?
    private var failure: Problem?
    private var ranges = CitedRanges()

    mutating func add(_ event: AnswerEvent) {
        switch event {
        case .session, .sources: break
        case .content(let more):
            text += more
            ranges.append(more)
        case .citation(let citation):
            annotations.append(CitationAnnotation(citation: citation, range: ranges.range(of: citation)))
        case .done(let outcome): self.outcome = outcome
        case .failed(let message, let code, let isRetryable):
            failure = Problem(failure: message, code: code, isRetryable: isRetryable)
        }
    }

    /// The answer to `POST /api/chat`.
    ///
    /// - Throws: `Problem` where it failed, or did not come to its end.
    func response(session: SessionID, run: RunID) throws -> Response {
        let outcome = try ended()
        return .success { json in
            json.field("response", text)
            json.key("citations")
            outcome.citations.write(to: &json)
            json.field("sessionId", session.description)
            json.field("runId", run.description)
            json.field("answered", outcome.isAnswered)
            if let reason = outcome.reasonName { json.field("reason", reason) }
        }
    }

    /// How it ended.
    ///
    /// - Throws: `Problem` where it failed, or did not come to its end.
    func ended() throws -> AnswerEvent.Outcome {
        if let failure { throw failure }
        guard let outcome else {
            throw Problem(
                status: .serviceUnavailable, code: .notReady, detail: "The answer was stopped.", isRetryable: true)
        }
        return outcome
    }
}

extension AnswerEvent.Outcome {
    /// Why it is no answer; nil where it is one.
    var reasonName: String? { wasStopped ? Self.stopped : reason?.rawValue }
}
