import Database
import Foundation
import Logging
import VidSift

/// Passages of some 150 words in eight sentences, of the words of real talks in an order of their own.
struct Material: Sendable {
    private static let sentences = 8
    /// Primes, so that the passages begin at different words.
    private static let (passageStep, sentenceStep) = (53, 131)

    private let words: [String]

    /// - Parameter talks: a folder of WebVTT files.
    init(talks: String) throws {
        let folder = URL(filePath: talks)
        let files = try FileManager.default.contentsOfDirectory(atPath: talks).filter { $0.hasSuffix(".vtt") }.sorted()
        words = try files.flatMap { file in
            try String(contentsOf: folder.appending(path: file), encoding: .utf8).split(separator: "\n")
                .filter { !$0.contains("-->") && !$0.hasPrefix("WEBVTT") }
                .flatMap { $0.split(separator: " ").map(String.init) }
        }
        precondition(!words.isEmpty, "\(talks) holds no captions")
    }

    struct Passage: Sendable {
        var ordinal: Int
        var text: String
        /// Bytes of each sentence.
        var lengths: [Int]

        var startMilliseconds: Int { ordinal * 60_000 }
        var endMilliseconds: Int { startMilliseconds + 60_000 }
    }

    func passage(_ number: Int, ordinal: Int) -> Passage {
        let sentences = (0..<Self.sentences).map { sentence in
            let first = number * Self.passageStep + sentence * Self.sentenceStep
            return (first..<first + 15 + first % 8).map { words[$0 % words.count] }.joined(separator: " ")
        }
        return Passage(
            ordinal: ordinal, text: sentences.joined(separator: " "), lengths: sentences.map(\.utf8.count))
    }
}

extension Material.Passage {
    static let columns = [
        "video_id", "ordinal", "channel_id", "start_ms", "end_ms", "first_cue", "last_cue", "chapter", "body",
        "sentences",
    ]

    /// The row as the product writes it.
    func row(video: VideoID, channel: ChannelID) -> [SQLValue] {
        let spans = lengths.enumerated().map { sentence, length in
            "[\(length),\(startMilliseconds + sentence * 7_000),\(startMilliseconds + sentence * 7_000 + 6_900),0]"
        }
        return [
            video.sqlValue, ordinal.sqlValue, channel.sqlValue, startMilliseconds.sqlValue, endMilliseconds.sqlValue,
            (ordinal * 20).sqlValue, (ordinal * 20 + 19).sqlValue, .null, text.sqlValue,
            "[\(spans.joined(separator: ","))]".sqlValue,
        ]
    }
}

/// A library of its own for the benchmark.
enum Library {
    /// - Parameter place: the URL of a PostgreSQL database, or a folder.
    static func settings(_ place: String) throws -> Settings {
        try Settings.resolve(variables: [place.contains("://") ? "DATABASE_URL" : "DATA_DIR": place])
    }

    /// On standard error, as far as it is bad news.
    static var logger: Logger {
        var logger = Logger(label: "database-benchmark")
        logger.logLevel = .error
        return logger
    }

    /// Opens the database with the product's schema.
    static func open(_ place: String) async throws -> Database {
        let database = try await settings(place).storage.open(logger: logger)
        try await LibrarySchema.migrator(for: database).run(on: database)
        return database
    }

    /// A channel with so many videos that have nothing in them yet.
    static func addChannel(
        _ title: String, videos: Int, to database: Database
    ) async throws -> (channel: ChannelID, videos: [VideoID]) {
        let channel = ChannelID()
        try await database.execute("INSERT INTO channels (id, title, created_at) VALUES (\(channel), \(title), now())")
        let ids = (0..<videos).map { _ in VideoID() }
        let now = Date().sqlValue
        try await database.insert(
            into: "videos",
            columns: [
                "id", "channel_id", "source_key", "source_id", "checksum", "title", "language", "duration_ms", "state",
                "created_at", "updated_at", "indexed_at",
            ],
            rows: ids.map { id in
                [
                    id.sqlValue, channel.sqlValue, "upload:\(id)".sqlValue, id.sqlValue, id.sqlValue,
                    "A talk".sqlValue, "en".sqlValue, 3_600_000.sqlValue, "ready".sqlValue, now, now, now,
                ]
            })
        return (channel, ids)
    }
}

/// The same numbers on every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
