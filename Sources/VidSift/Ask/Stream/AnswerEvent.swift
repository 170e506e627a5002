package import Captions
internal import NIOCore
package import Providers

/// What happens while a question is answered, in the order in which a client sees it.
package enum AnswerEvent: Sendable {
    case session(SessionID, run: RunID, question: String)
    case sources([Source], Coverage)
    /// Text to append.
    case content(String)
    case citation(Citation)
    case done(Outcome)
    case failed(message: String, code: String, isRetryable: Bool)

    /// A passage that the answer may draw on.
    package struct Source: Sendable {
        package var number: Int
        package var video: VideoReference
        package var start: MediaTime
        package var end: MediaTime
        package var text: String
        package var score: Double
    }

    /// Why a question was not answered.
    package enum Reason: String, Sendable {
        case notSaid = "not_said"
        case notIndexedYet = "not_indexed_yet"
        case noTranscript = "no_transcript"
        case lowConfidence = "low_confidence"
    }

    /// How an answer ended.
    package struct Outcome: Sendable {
        package var citations: [Citation]
        /// Nil when the question was answered.
        package var reason: Reason?
        package var timings: Timings
        /// What the language model counted; nil where none was asked, or it doesn't tell.
        package var usage: TokenUsage?
        /// Whether somebody has stopped it before its end.
        package var wasStopped = false
        /// Why the language model ended; nil where none answered.
        package var finish: ChatEnd.Reason?

        package var isAnswered: Bool { reason == nil && !wasStopped }

        /// What stands as the reason where it was stopped.
        static let stopped = "stopped"
    }

    /// How long each step took, in milliseconds.
    package struct Timings: Sendable {
        package var rewrite = 0.0
        package var embed = 0.0
        package var search = 0.0
        /// From the prompt's sending to the model's first word.
        package var firstToken = 0.0
        package var total = 0.0
    }
}

extension AnswerEvent {
    /// Writes the event as one JSON object of the native stream.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .session(let session, let run, let question):
                json.field("type", "session")
                json.field("sessionId", session.description)
                json.field("runId", run.description)
                json.field("question", question)
            case .sources(let sources, let coverage):
                json.field("type", "sources")
                json.key("passages")
                json.array(sources) { $1.write(to: &$0) }
                json.key("coverage")
                coverage.write(to: &json)
            case .content(let text):
                json.field("type", "content")
                json.field("content", text)
                json.field("done", false)
            case .citation(let citation):
                json.field("type", "citation")
                citation.writeFields(to: &json)
            case .done(let outcome):
                json.field("type", "done")
                outcome.write(to: &json)
            case .failed(let message, let code, let isRetryable):
                json.field("type", "error")
                json.field("error", message)
                json.field("code", code)
                json.field("retryable", isRetryable)
            }
        }
    }
}

extension AnswerEvent.Source {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("n", number)
            json.field("videoId", video.id.description)
            json.field("youtubeId", video.youtubeID)
            json.field("videoTitle", video.title)
            json.field("start", start.seconds)
            json.field("end", end.seconds)
            json.field("text", text)
            json.field("score", score)
        }
    }
}

extension Coverage {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("videosInScope", inScope)
            json.field("videosSearched", searched)
            json.field("videosWithoutTranscript", withoutTranscript)
            json.field("videosPending", pending)
        }
    }
}

extension AnswerEvent.Outcome {
    /// Writes the fields of the last event into an object that is open.
    func write(to json: inout JSONWriter) {
        json.field("done", true)
        json.key("citations")
        citations.write(to: &json)
        json.field("answered", isAnswered)
        if let reason = wasStopped ? Self.stopped : reason?.rawValue { json.field("reason", reason) }
        if let finish { json.field("finishReason", finish.rawValue) }
        writeFigures(to: &json)
    }

    /// Writes what it took.
    func writeFigures(to json: inout JSONWriter) {
        json.key("usage")
        json.object { json in
            json.field("promptTokens", usage?.promptTokens ?? 0)
            json.field("completionTokens", usage?.completionTokens ?? 0)
        }
        json.key("timings")
        json.object { json in
            json.field("rewriteMs", timings.rewrite)
            json.field("embedMs", timings.embed)
            json.field("searchMs", timings.search)
            json.field("firstTokenMs", timings.firstToken)
            json.field("totalMs", timings.total)
        }
    }
}

extension AnswerEvent {
    /// About how many bytes it holds.
    var size: Int {
        switch self {
        case .content(let text): text.utf8.count + Self.fixedSize
        case .session(_, _, let question): question.utf8.count + Self.fixedSize
        case .sources(let sources, _): sources.reduce(Self.fixedSize) { $0 + $1.text.utf8.count + Self.fixedSize }
        case .citation(let citation): citation.size
        case .done(let outcome): outcome.citations.reduce(Self.fixedSize) { $0 + $1.size }
        case .failed(let message, _, _): message.utf8.count + Self.fixedSize
        }
    }

    /// What it takes besides its texts.
    fileprivate static let fixedSize = 64
}

extension Citation {
    fileprivate var size: Int { text.utf8.count + video.title.utf8.count + 2 * AnswerEvent.fixedSize }
}
