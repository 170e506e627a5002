package import Database
internal import Providers

/// What a person means who names a video or a channel: by an id of ours or YouTube's, a name, a handle, or any link.
package enum LibraryReference {
    /// - Returns: nil where the library has no such video.
    package static func video(_ reference: String, on db: some SQLRunner) async throws -> Video? {
        if let found = try await Video.find(reference, on: db) { return found }
        guard case .video(let id, _, _) = try? YouTubeLink(reference) else { return nil }
        return try await Video.find(id.rawValue, on: db)
    }

    /// - Returns: nil where the library has no such channel.
    package static func channel(_ reference: String, on db: some SQLRunner) async throws -> Channel? {
        if let found = try await Channel.find(reference, on: db) { return found }
        switch try? YouTubeLink(reference) {
        case .channel(let id): return try await Channel.find(id.rawValue, on: db)
        case .playlist(let id): return try await Channel.find(id.rawValue, on: db)
        case .handle(let handle): return try await ChannelListing.channel(handle: handle.rawValue, on: db)
        case .video, .user, .customName, nil: return nil
        }
    }
}
