internal import Database
internal import Foundation

/// A piece of the sound of a recording that waits: any worker of any instance can put the file together.
enum SoundPiece {
    /// The most bytes of one; the schema says so, too.
    static let maximumBytes = 1 << 20

    /// Writes a file down, piece by piece, in the transaction that accepts its recording.
    ///
    /// - Returns: how many bytes it has.
    /// - Throws: `DatabaseError`, or what reading the file throws.
    static func insertAll(of path: String, video: VideoID, on tx: some SQLRunner) async throws -> Int {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }  // Nothing was written: there is nothing that closing could lose.
        var (position, bytes) = (0, 0)
        while let piece = try file.read(upToCount: maximumBytes), !piece.isEmpty {
            try await tx.execute(
                "INSERT INTO sound_pieces (video_id, position, bytes) VALUES (\(video), \(position), \([UInt8](piece)))"
            )
            position += 1
            bytes += piece.count
        }
        return bytes
    }

    /// Puts the file together.
    ///
    /// - Returns: how many bytes it has; less than the recording where that was replaced or removed meanwhile.
    /// - Throws: `DatabaseError`, or what writing the file throws.
    static func writeAll(of video: VideoID, to path: String, on db: some SQLRunner) async throws -> Int {
        try Data().write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        var bytes = 0
        do {
            var position = 0
            while let piece = try await get(position, of: video, on: db) {
                try file.write(contentsOf: piece)
                position += 1
                bytes += piece.count
            }
        } catch {
            try? file.close()  // What stood in its way says more.
            throw error
        }
        try file.close()
        return bytes
    }

    private static func get(_ position: Int, of video: VideoID, on db: some SQLRunner) async throws -> [UInt8]? {
        try await db.value(
            "SELECT bytes FROM sound_pieces WHERE video_id = \(video) AND position = \(position)", as: [UInt8].self)
    }

    static func removeAll(of video: VideoID, on tx: some SQLRunner) async throws {
        try await tx.execute("DELETE FROM sound_pieces WHERE video_id = \(video)")
    }
}
