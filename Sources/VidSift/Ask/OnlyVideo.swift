package import Database

extension Video {
    /// Ids that are named where a name fits several videos.
    private static var namedIDs: Int { 3 }

    /// The one video that a reference means, for what can't be undone.
    ///
    /// - Throws: `AskError` where there is none, or several.
    package static func only(_ reference: String, on db: some SQLRunner) async throws -> Video {
        let found = try await candidates(reference, limit: namedIDs, on: db)
        guard let video = found.first else { throw AskError.noSuchVideo(reference) }
        guard found.count == 1 else { throw AskError.ambiguousVideo(reference, ids: found.map(\.id.description)) }
        return video
    }
}
