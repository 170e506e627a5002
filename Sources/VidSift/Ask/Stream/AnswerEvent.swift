package import Captions
internal import NIOCore

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

        package var isAnswered: Bool { reason == nil }
    }

    /// How long each step took, in milliseconds.
    package struct Timings: Sendable {
        package var embed = 0.0
        package var search = 0.0
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
        if let reason { json.field("reason", reason.rawValue) }
        json.key("usage")
        json.object { json in
            json.field("promptTokens", 0)
            json.field("completionTokens", 0)
        }
        json.key("timings")
        json.object { json in
            json.field("embedMs", timings.embed)
            json.field("searchMs", timings.search)
            json.field("totalMs", timings.total)
        }
    }
}
