import Database
import Foundation
import VidSift

/// Inserts passages in bulk into the product's own table, with all its indexes, checks and foreign keys.
struct PassageCopy {
    private static let passagesPerVideo = 50

    let place: String
    let talks: String

    struct Figures: Encodable {
        var rowsPerSecond: Double
        var bytesPerRow: Int
    }

    /// - Parameter each: how many rows one insert has; each insert is a transaction of its own.
    func run(rows count: Int, each: Int) async throws -> Figures {
        let database = try await Library.open(place)
        let material = try Material(talks: talks)
        let name = "Bulk \(UUID().uuidString)"
        let (channel, videos) = try await Library.addChannel(
            name, videos: (count + Self.passagesPerVideo - 1) / Self.passagesPerVideo, to: database)
        let passages = (0..<count).map { number in
            (videos[number / Self.passagesPerVideo], material.passage(number, ordinal: number % Self.passagesPerVideo))
        }
        // A first row, so that the connection is open and knows the table.
        try await insert(passages.prefix(1), channel, database)
        let start = ContinuousClock.now
        for first in stride(from: 1, to: count, by: each) {
            try await insert(passages[first..<min(count, first + each)], channel, database)
        }
        let duration = ContinuousClock.now - start
        try await database.close()
        return Figures(
            rowsPerSecond: Double(count - 1) / (duration / .seconds(1)),
            bytesPerRow: passages.reduce(0) { $0 + $1.1.text.utf8.count } / count)
    }

    private func insert(
        _ passages: ArraySlice<(VideoID, Material.Passage)>, _ channel: ChannelID, _ database: Database
    ) async throws {
        let inserted = try await database.insert(
            into: "passages", columns: Material.Passage.columns,
            rows: passages.lazy.map { $1.row(video: $0, channel: channel) })
        precondition(inserted == passages.count)
    }
}
