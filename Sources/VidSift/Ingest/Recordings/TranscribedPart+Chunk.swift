internal import Database
internal import Foundation
internal import Providers

extension TranscribedPart {
    init(_ chunk: TranscribedChunk) throws {
        self.init(
            position: chunk.chunk.index, body: String(decoding: try JSONEncoder().encode(chunk), as: UTF8.self))
    }

    /// Nil where it is of another version of the program.
    private var chunk: TranscribedChunk? {
        guard let chunk = try? JSONDecoder().decode(TranscribedChunk.self, from: Data(body.utf8)),
            chunk.chunk.index == position
        else { return nil }
        return chunk
    }

    /// What an earlier attempt has heard, up to the first part that is missing; what lies behind that goes.
    ///
    /// - Parameter plan: the checksum of how the sound is cut.
    static func resume(_ video: VideoID, plan: String, on tx: some SQLRunner) async throws -> [TranscribedChunk] {
        let parts = try await list(of: video, plan: plan, on: tx)
        var chunks: [TranscribedChunk] = []
        for part in parts {
            guard part.position == chunks.count, let chunk = part.chunk else { break }
            chunks.append(chunk)
        }
        if chunks.count < parts.count { try await remove(from: chunks.count, of: video, on: tx) }
        return chunks
    }
}
