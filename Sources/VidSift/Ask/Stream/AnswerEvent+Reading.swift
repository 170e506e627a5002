internal import Captions
internal import Foundation
internal import Providers

/// JSON that is no event of an answer.
package struct UnreadableEvent: Error, Sendable, CustomStringConvertible {
    package let description: String
}

extension AnswerEvent {
    /// Reads an event as `write(to:)` has written it.
    ///
    /// - Parameter pageBase: what links to our own pages begin with; of what is not cited it is not in the JSON.
    /// - Throws: `UnreadableEvent`.
    package init(json: String, pageBase: String = "") throws {
        do {
            let decoder = JSONDecoder()
            decoder.userInfo[.pageBase] = pageBase
            self = try decoder.decode(StoredEvent.self, from: Data(json.utf8)).event
        } catch {
            throw UnreadableEvent(description: "expected an event of an answer: \(error)")
        }
    }
}

extension CodingUserInfoKey {
    fileprivate static let pageBase: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "pageBase") else { preconditionFailure("every text is a key") }
        return key
    }()
}

extension Decoder {
    fileprivate var pageBase: String { userInfo[.pageBase] as? String ?? "" }
}

/// An event by its `type`.
private struct StoredEvent: Decodable {
    var event: AnswerEvent

    private enum Key: String, CodingKey {
        case type, sessionId, runId, question, passages, coverage, content, error, code, retryable
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        switch try fields.decode(String.self, forKey: .type) {
        case "session":
            event = .session(
                try fields.decode(SessionID.self, forKey: .sessionId),
                run: try fields.decode(RunID.self, forKey: .runId),
                question: try fields.decode(String.self, forKey: .question))
        case "sources":
            event = .sources(
                try fields.decode([StoredSource].self, forKey: .passages).map(\.source),
                try fields.decode(StoredCoverage.self, forKey: .coverage).coverage)
        case "content": event = .content(try fields.decode(String.self, forKey: .content))
        case "citation": event = .citation(try StoredCitation(from: decoder).citation)
        case "done": event = .done(try StoredOutcome(from: decoder).outcome)
        case "error":
            event = .failed(
                message: try fields.decode(String.self, forKey: .error),
                code: try fields.decode(String.self, forKey: .code),
                isRetryable: try fields.decode(Bool.self, forKey: .retryable))
        case let type:
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: fields, debugDescription: "there is no event \(type.prefix(40).debugDescription)")
        }
    }
}

private struct StoredSource: Decodable {
    var source: AnswerEvent.Source

    private enum Key: String, CodingKey { case n, videoId, youtubeId, videoTitle, start, end, text, score }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        source = AnswerEvent.Source(
            number: try fields.decode(Int.self, forKey: .n),
            video: VideoReference(
                id: try fields.decode(VideoID.self, forKey: .videoId),
                youtubeID: try fields.decodeIfPresent(String.self, forKey: .youtubeId),
                title: try fields.decode(String.self, forKey: .videoTitle), pageBase: decoder.pageBase),
            start: MediaTime(seconds: try fields.decode(Double.self, forKey: .start)),
            end: MediaTime(seconds: try fields.decode(Double.self, forKey: .end)),
            text: try fields.decode(String.self, forKey: .text),
            // What is no number is written as null.
            score: try fields.decodeIfPresent(Double.self, forKey: .score) ?? .nan)
    }
}

private struct StoredCitation: Decodable {
    var citation: Citation

    private enum Key: String, CodingKey {
        case n, videoId, youtubeId, videoTitle, start, end, text, url, precision, status
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        let id = try fields.decode(VideoID.self, forKey: .videoId)
        let url = try fields.decode(String.self, forKey: .url)
        let base = url.range(of: "/videos/\(id)?").map { String(url[..<$0.lowerBound]) }
        let precision = Citation.Precision(rawValue: try fields.decode(String.self, forKey: .precision))
        let status = Citation.Status(rawValue: try fields.decode(String.self, forKey: .status))
        guard let precision, let status else {
            throw DecodingError.dataCorruptedError(
                forKey: .status, in: fields, debugDescription: "an unknown precision or status")
        }
        citation = Citation(
            number: try fields.decode(Int.self, forKey: .n),
            video: VideoReference(
                id: id, youtubeID: try fields.decodeIfPresent(String.self, forKey: .youtubeId),
                title: try fields.decode(String.self, forKey: .videoTitle), pageBase: base ?? decoder.pageBase),
            start: MediaTime(seconds: try fields.decode(Double.self, forKey: .start)),
            end: MediaTime(seconds: try fields.decode(Double.self, forKey: .end)),
            text: try fields.decode(String.self, forKey: .text), precision: precision, status: status)
    }
}

private struct StoredCoverage: Decodable {
    var videosInScope: Int
    var videosSearched: Int
    var videosWithoutTranscript: Int
    var videosPending: Int

    var coverage: Coverage {
        Coverage(
            inScope: videosInScope, searched: videosSearched, withoutTranscript: videosWithoutTranscript,
            pending: videosPending)
    }
}

private struct StoredOutcome: Decodable {
    private struct Usage: Decodable {
        var promptTokens: Int
        var completionTokens: Int
    }

    private struct Timings: Decodable {
        var rewriteMs: Double?
        var embedMs: Double?
        var searchMs: Double?
        var firstTokenMs: Double?
        var totalMs: Double?
    }

    private var citations: [StoredCitation]
    private var answered: Bool
    private var reason: String?
    private var finishReason: String?
    private var usage: Usage
    private var timings: Timings

    var outcome: AnswerEvent.Outcome {
        AnswerEvent.Outcome(
            citations: citations.map(\.citation), reason: reason.flatMap(AnswerEvent.Reason.init),
            timings: AnswerEvent.Timings(
                rewrite: timings.rewriteMs ?? .nan, embed: timings.embedMs ?? .nan, search: timings.searchMs ?? .nan,
                firstToken: timings.firstTokenMs ?? .nan, total: timings.totalMs ?? .nan),
            usage: usage.promptTokens == 0 && usage.completionTokens == 0
                ? nil : TokenUsage(promptTokens: usage.promptTokens, completionTokens: usage.completionTokens),
            wasStopped: reason == AnswerEvent.Outcome.stopped,
            finish: finishReason.flatMap(ChatEnd.Reason.init))
    }
}
