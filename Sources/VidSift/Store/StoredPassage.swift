package import Database
internal import Foundation

/// A passage as it is stored: the text that is read, where its sentences lie and when they are said.
package struct StoredPassage: Sendable, Hashable {
    /// Where a sentence ends in the passage's text and when it is said.
    package struct SentenceSpan: Sendable, Hashable {
        /// Length in UTF-8 bytes; sentences are joined by one space, which is not counted.
        package var length: Int
        package var startMilliseconds: Int
        package var endMilliseconds: Int
        package var precision: TimePrecision
    }

    package var videoID: VideoID
    package var ordinal: Int
    package var startMilliseconds: Int
    package var endMilliseconds: Int
    /// The cues it was made of, first and last.
    package var cues: ClosedRange<Int>
    package var chapter: String?
    package var text: String
    package var sentences: [SentenceSpan]
}

/// How exact a moment is.
package enum TimePrecision: Int, Sendable, Comparable {
    /// From the word's own time.
    case word = 0
    /// Estimated inside one short cue.
    case cue = 1
    /// Estimated inside a long cue.
    case passage = 2

    package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

extension StoredPassage: RowDecodable {
    package init(row: Row) throws {
        videoID = try row.decode("video_id")
        ordinal = try row.decode("ordinal")
        startMilliseconds = try row.decode("start_ms")
        endMilliseconds = try row.decode("end_ms")
        let first: Int = try row.decode("first_cue")
        cues = first...max(first, try row.decode("last_cue"))
        chapter = try row.decode("chapter")
        text = try row.decode("body")
        let spans: String = try row.decode("sentences")
        sentences = try JSONDecoder().decode([[Int]].self, from: Data(spans.utf8)).map(SentenceSpan.init(numbers:))
    }
}

extension StoredPassage.SentenceSpan {
    fileprivate init(numbers: [Int]) throws {
        guard numbers.count == 4, let precision = TimePrecision(rawValue: numbers[3]) else {
            throw MalformedSentences()
        }
        self.init(
            length: numbers[0], startMilliseconds: numbers[1], endMilliseconds: numbers[2], precision: precision)
    }

    fileprivate var json: String { "[\(length),\(startMilliseconds),\(endMilliseconds),\(precision.rawValue)]" }
}

/// The column `passages.sentences` holds something else than groups of four numbers.
struct MalformedSentences: Error, CustomStringConvertible {
    var description: String { "passages.sentences: expected [[length, start ms, end ms, precision], …]" }
}

extension StoredPassage {
    /// The most passages that one statement fetches.
    static let maximumPerQuery = 500

    /// The passages of those videos and ordinals, in no order; what is not there is left out.
    static func get(_ keys: [(VideoID, Int)], on db: some SQLRunner) async throws -> [StoredPassage] {
        var found: [StoredPassage] = []
        for start in stride(from: 0, to: keys.count, by: maximumPerQuery) {
            let part = keys[start..<min(keys.count, start + maximumPerQuery)]
            found += try await db.rows("\(selection) WHERE \(naming(part))", as: StoredPassage.self)
        }
        return found
    }

    /// Fits the passages of those keys, video by video.
    private static func naming(_ keys: ArraySlice<(VideoID, Int)>) -> SQL {
        let ofEach = Dictionary(grouping: keys, by: \.0).map { video, keys -> SQL in
            "(video_id = \(video) AND ordinal IN \(list: keys.map(\.1)))"
        }
        return ofEach.dropFirst().reduce(ofEach[0]) { "\($0) OR \($1)" }
    }

    private static let selection: SQL = """
        SELECT video_id, ordinal, start_ms, end_ms, first_cue, last_cue, chapter, body, sentences FROM passages
        """

    /// All passages of a video, in order.
    static func all(of video: VideoID, on db: some SQLRunner) async throws -> [StoredPassage] {
        try await db.rows("\(selection) WHERE video_id = \(video) ORDER BY ordinal", as: StoredPassage.self)
    }

    /// Writes the passages of a channel, all at once.
    static func insert(_ passages: [StoredPassage], channel: ChannelID?, on tx: some SQLRunner) async throws {
        try await tx.insert(into: "passages", columns: columns, rows: passages.lazy.map { $0.values(channel: channel) })
    }

    private static let columns = [
        "video_id", "ordinal", "channel_id", "start_ms", "end_ms", "first_cue", "last_cue", "chapter", "body",
        "sentences",
    ]

    private func values(channel: ChannelID?) -> [SQLValue] {
        let spans = "[" + sentences.map(\.json).joined(separator: ",") + "]"
        return [
            videoID.sqlValue, ordinal.sqlValue, channel.sqlValue, startMilliseconds.sqlValue, endMilliseconds.sqlValue,
            cues.lowerBound.sqlValue, cues.upperBound.sqlValue, chapter.sqlValue, text.sqlValue, spans.sqlValue,
        ]
    }
}
