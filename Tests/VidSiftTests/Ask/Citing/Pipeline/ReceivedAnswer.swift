import Foundation
import Providers

@testable import VidSift

/// An answer as a client of the native stream reads it.
struct ReceivedAnswer {
    /// The JSON of each event, and what is in it.
    let lines: [String]
    let events: [Event]
    let text: String
    /// The citations, and where in the text each stands: the byte behind its mark.
    let citations: [(citation: Event.Citation, end: Int)]

    /// An event by the fields of the contract.
    struct Event: Decodable {
        var type: String
        var content: String?
        var passages: [Passage]?
        var coverage: Coverage?
        var citations: [Citation]?
        var answered: Bool?
        /// Of an event that is a citation.
        var citation: Citation?

        struct Coverage: Decodable {
            var videosInScope: Int
        }

        struct Passage: Decodable {
            var n: Int
            var videoId: VideoID
            var start: Double
            var end: Double
            var text: String
        }

        struct Citation: Decodable, Hashable {
            var n: Int
            var videoId: VideoID
            var videoTitle: String
            var start: Double
            var end: Double
            var timestamp: String
            var text: String
            var url: String
        }

        private enum Key: String, CodingKey { case type, content, passages, coverage, citations, answered }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            type = try fields.decode(String.self, forKey: .type)
            content = try fields.decodeIfPresent(String.self, forKey: .content)
            passages = try fields.decodeIfPresent([Passage].self, forKey: .passages)
            coverage = try fields.decodeIfPresent(Coverage.self, forKey: .coverage)
            citations = try fields.decodeIfPresent([Citation].self, forKey: .citations)
            answered = try fields.decodeIfPresent(Bool.self, forKey: .answered)
            citation = type == "citation" ? try Citation(from: decoder) : nil
        }
    }

    init(_ events: [NumberedEvent]) throws {
        var rendering = NativeRendering()
        var reader = EventSource()
        reader.read(rendering.stream(events).utf8)
        lines = reader.data
        self.events = try lines.map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
        var bytes: [UInt8] = []
        var found: [(Event.Citation, Int)] = []
        for event in self.events {
            bytes += Array((event.content ?? "").utf8)
            // A quote's line may end before its citation comes.
            let lineEnds = bytes.reversed().prefix { $0 == UInt8(ascii: "\n") }.count
            if let citation = event.citation { found.append((citation, bytes.count - lineEnds)) }
        }
        text = String(decoding: bytes, as: UTF8.self)
        citations = found
    }

    var types: [String] { events.map(\.type) }
    var passages: [Event.Passage] { events.compactMap(\.passages).first ?? [] }
    var isAnswered: Bool { events.last?.answered == true }
}

/// The same run as clients of OpenAI's protocol read it.
struct ReceivedCompletion {
    private(set) var text = ""
    private(set) var urls: [String] = []

    private struct Chunk: Decodable {
        struct Choice: Decodable { var delta: Delta }
        struct Delta: Decodable {
            var content: String?
            var annotations: [Annotation]?
        }
        struct Annotation: Decodable { var url_citation: URLCitation }
        struct URLCitation: Decodable { var url: String }
        var choices: [Choice]?
    }

    init(_ stream: String) throws {
        var reader = EventSource()
        reader.read(stream.utf8)
        for data in reader.data where data != "[DONE]" {
            let chunk = try JSONDecoder().decode(Chunk.self, from: Data(data.utf8))
            for delta in (chunk.choices ?? []).map(\.delta) {
                text += delta.content ?? ""
                urls += (delta.annotations ?? []).map(\.url_citation.url)
            }
        }
    }
}
