import Database
import Foundation
import VidSift

/// Loads the segments of a channel of 10,000 passages and 40,000 units into a cache that is empty.
struct SegmentLoad {
    private static let channel = "Segments"
    private static let (videos, passagesPerVideo, unitsPerPassage) = (200, 50, 4)
    private static let dimensions = 384

    let place: String

    struct Filled: Encodable {
        var passages: Int
        var vectors: Int
    }

    struct Figures: Encodable {
        /// The first question of a new process: the versions, the list, all segments, the search, the text of the hits.
        var coldMilliseconds: Double
        /// The same question again: all of that without the segments.
        var warmMilliseconds: Double
        var megabytes: Double
    }

    func fill(talks: String) async throws -> Filled {
        let database = try await Library.open(place)
        let material = try Material(talks: talks)
        let (channel, videos) = try await Library.addChannel(Self.channel, videos: Self.videos, to: database)
        for (number, video) in videos.enumerated() {
            let passages = (0..<Self.passagesPerVideo).map {
                material.passage(number * Self.passagesPerVideo + $0, ordinal: $0)
            }
            try await database.insert(
                into: "passages", columns: Material.Passage.columns,
                rows: passages.map { $0.row(video: video, channel: channel) })
            let segment = segment(of: passages, seed: UInt64(number))
            try await database.execute(
                """
                INSERT INTO segments (video_id, model, channel_id, bytes, created_at)
                VALUES (\(video), 'benchmark', \(channel), \(segment), now())
                """)
        }
        try await database.execute("INSERT INTO scope_versions (scope, version) VALUES (\(channel), 1)")
        try await database.close()
        let passages = videos.count * Self.passagesPerVideo
        return Filled(passages: passages, vectors: passages * (1 + Self.unitsPerPassage))
    }

    private func segment(of passages: [Material.Passage], seed: UInt64) -> [UInt8] {
        var random = SplitMix(state: seed)
        func vector() -> ArraySlice<Float> {
            (0..<Self.dimensions).map { _ in Float.random(in: -1...1, using: &random) }[...]
        }
        var builder = SegmentBuilder(language: "en", modelName: "benchmark", dimensions: Self.dimensions)
        for passage in passages {
            let start = passage.startMilliseconds
            builder.addPassage(
                text: passage.text, startMilliseconds: start, endMilliseconds: passage.endMilliseconds,
                embedding: vector(),
                units: (0..<Self.unitsPerPassage).map { unit in
                    UnitInput(
                        startMilliseconds: start + unit * 15_000, endMilliseconds: start + unit * 15_000 + 15_000,
                        embedding: vector())
                })
        }
        return builder.build()
    }

    func run() async throws -> Figures {
        let library = try await Components.build(Library.settings(place), logger: Library.logger)
        // Opens the connection that will read.
        guard let channel = try await Channel.find(Self.channel, on: library.database) else { throw NotFilled() }
        let request = Retriever.Request(
            question: "bread bridges tide", scope: .channel(channel.id), mode: .keyword, limit: 10)
        let clock = ContinuousClock()
        let ask = {
            let found = try await library.retriever.retrieve(request)
            precondition(!found.passages.isEmpty)
        }
        let (cold, warm) = (try await clock.measure(ask), try await clock.measure(ask))
        let bytes = await library.cache.byteCount
        try await library.close()
        return Figures(
            coldMilliseconds: cold / .milliseconds(1), warmMilliseconds: warm / .milliseconds(1),
            megabytes: Double(bytes) / 1e6)
    }
}

/// `fill` comes first.
private struct NotFilled: Error {}
