import Database
import Foundation
import TestDatabases

@testable import VidSift

/// Videos put straight into the tables, for the functions that search them.
struct SearchFunctionLibrary {
    static let dimensions = 384
    let database: Database

    struct Passage {
        var text: String
        var vector: [Float]?
        var chapter: String?
    }

    func channel(_ title: String) async throws -> ChannelID {
        try await Channel.named(Title(title) ?? .untitled, on: database)
    }

    /// Adds a video that is indexed. Each passage lasts 30 seconds and has two units, whose vectors are other ones.
    @discardableResult
    func add(
        _ passages: [Passage], title: String, channel: ChannelID? = nil, youtubeID: String? = nil,
        language: String? = "en", model: String = "m"
    ) async throws -> VideoID {
        let source = VideoSource(
            key: "file:/\(UUID())", sourceID: title, youtubeID: youtubeID, checksum: "sum",
            title: Title(title) ?? .untitled, language: language)
        return try await database.transaction { tx in
            let id = try await source.insert(in: channel, on: tx)
            try await replace(passages, of: id, channel: channel, language: language, model: model, on: tx)
            return id
        }
    }

    /// Writes a video's index as the program does.
    func replace(
        _ passages: [Passage], of id: VideoID, channel: ChannelID? = nil, language: String? = "en", model: String = "m",
        on tx: some SQLRunner
    ) async throws {
        _ = try await PendingIngest.accept(
            id, checksum: "sum", title: "t", transcript: "{}", requester: "", on: tx)
        let index = VideoIndex(
            videoID: id, channelID: channel, checksum: "sum", title: try await title(of: id, on: tx),
            language: language, durationMilliseconds: passages.count * 30_000, transcript: "{}",
            passages: passages.enumerated().map { Self.stored($1, ordinal: $0, of: id) }, model: model,
            segment: Self.segment(passages, language: language, model: model))
        guard try await index.takeAccepted(on: tx) else { throw NotWritten() }
        try await index.replace(on: tx)
    }

    /// Passages found by one of the functions.
    func found(_ call: SQL) async throws -> [FoundPassage] {
        try await database.rows("SELECT * FROM \(call)", as: FoundPassage.self)
    }

    static func text(_ vector: [Float]) -> String {
        "[" + vector.map { "\($0)" }.joined(separator: ",") + "]"
    }

    private struct NotWritten: Error {}

    private func title(of id: VideoID, on tx: some SQLRunner) async throws -> String {
        try await tx.value("SELECT title FROM videos WHERE id = \(id)", as: String.self) ?? ""
    }

    private static func stored(_ passage: Passage, ordinal: Int, of id: VideoID) -> StoredPassage {
        StoredPassage(
            videoID: id, ordinal: ordinal, startMilliseconds: ordinal * 30_000 + 500,
            endMilliseconds: ordinal * 30_000 + 30_500, cues: ordinal...ordinal, chapter: passage.chapter,
            text: passage.text, sentences: [])
    }

    static func segment(_ passages: [Passage], language: String? = "en", model: String = "m") -> [UInt8] {
        let dimensions = passages.compactMap(\.vector).first?.count ?? 0
        var builder = SegmentBuilder(language: language, modelName: dimensions > 0 ? model : "", dimensions: dimensions)
        var numbers = SeededNumbers(seed: 99)
        for (ordinal, passage) in passages.enumerated() {
            let start = ordinal * 30_000
            let units = (0..<2).map { place in
                UnitInput(
                    startMilliseconds: start + place * 15_000, endMilliseconds: start + place * 15_000 + 14_000,
                    embedding: dimensions > 0 ? numbers.unitVector(dimensions)[...] : nil)
            }
            builder.addPassage(
                text: passage.text, startMilliseconds: start, endMilliseconds: start + 30_000,
                embedding: passage.vector.map { $0[...] }, units: units)
        }
        return builder.build()
    }
}

/// A row of the type `found_passage`.
struct FoundPassage: RowDecodable {
    let videoID: VideoID
    let youtubeID: String?
    let title: String
    let channelID: ChannelID?
    let ordinal: Int
    let start: Double
    let end: Double
    let body: String
    let headline: String?
    let url: String?
    let score: Double
    let keywordScore: Double?
    let similarity: Double?

    init(row: Row) throws {
        videoID = try row.decode("video_id")
        youtubeID = try row.decode("youtube_id")
        title = try row.decode("video_title")
        channelID = try row.decode("channel_id")
        ordinal = try row.decode("ordinal")
        start = try row.decode("start_seconds")
        end = try row.decode("end_seconds")
        body = try row.decode("body")
        headline = try row.decode("headline")
        url = try row.decode("url")
        score = try row.decode("score")
        keywordScore = try row.decode("keyword_score")
        similarity = try row.decode("similarity")
    }
}
