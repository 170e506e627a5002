internal import Captions
internal import Foundation
internal import VidSift

/// A passage that a search has found, as it is shown: from the sentence that fits best.
struct FoundMoment: Sendable {
    /// The most characters of a passage that are shown.
    private static let maximumShown = 320

    private let passage: Retrieval.Passage
    private let start: MediaTime
    private let shown: String
    /// UTF-8 ranges of the query's words in `shown`.
    private let matches: [Range<Int>]

    init(_ passage: Retrieval.Passage, query: String) {
        self.passage = passage
        let sentence = Self.sentence(at: passage.hit.bestUnit?.lowerBound, in: passage.passage)
        start = sentence.start
        shown = Clean.line(String(passage.passage.text.utf8.dropFirst(sentence.offset)) ?? passage.passage.text)
            .cut(at: Self.maximumShown)
        matches = MatchedWords.ranges(in: shown, query: query, language: passage.language)
    }

    /// The first sentence that is not over at a moment, with its place in the text in UTF-8 bytes.
    private static func sentence(at moment: Int?, in passage: StoredPassage) -> (start: MediaTime, offset: Int) {
        var offset = 0
        for sentence in passage.sentences {
            if let moment, sentence.endMilliseconds > moment {
                return (MediaTime(milliseconds: sentence.startMilliseconds), offset)
            }
            offset += sentence.length + 1
        }
        return (MediaTime(milliseconds: passage.startMilliseconds), 0)
    }

    func text(on terminal: Terminal) -> String {
        let url = passage.video.url(at: start)
        return """
            \(terminal.link("[\(start.timestamp)]", to: url)) \(terminal.strong(Clean.line(passage.video.title)))
              \(marked(with: terminal.yellow))
              \(terminal.dim(Clean.line(url)))
            """
    }

    private func marked(with mark: (String) -> String) -> String {
        let bytes = Array(shown.utf8)
        var text = ""
        var position = 0
        for range in matches {
            text += String(decoding: bytes[position..<range.lowerBound], as: UTF8.self)
            text += mark(String(decoding: bytes[range], as: UTF8.self))
            position = range.upperBound
        }
        return text + String(decoding: bytes[position...], as: UTF8.self)
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("videoId", passage.video.id.description)
            json.field("youtubeId", passage.video.youtubeID)
            json.field("videoTitle", passage.video.title)
            json.field("start", start.seconds)
            json.field("end", Double(passage.passage.endMilliseconds) / 1000)
            json.field("timestamp", start.timestamp)
            json.field("text", shown)
            json.field("score", passage.score)
            json.field("url", passage.video.url(at: start))
        }
    }
}

extension String {
    /// At most so many characters, the last word whole.
    fileprivate func cut(at length: Int) -> String {
        guard count > length else { return self }
        let kept = prefix(length)
        return String(kept[..<(kept.lastIndex(of: " ") ?? kept.endIndex)]) + " …"
    }
}
