extension API {
    /// The video that the path names.
    ///
    /// - Throws: `Problem` where there is none; `DatabaseError`.
    func namedVideo(_ context: APIContext) async throws -> Video {
        try await video(context.pathID())
    }

    /// The channel that the path names.
    func namedChannel(_ context: APIContext) async throws -> Channel {
        try await channel(context.pathID())
    }

    /// The caller's session that the path names; somebody else's is not there.
    func namedSession(_ context: APIContext) async throws -> ChatSession {
        guard let id = SessionID(try context.pathID()),
            let session = try await ChatSession.get(id, owner: context.caller.id, on: database)
        else { throw AskError.noSuchSession }
        return session
    }

    func video(_ reference: String) async throws -> Video {
        guard let video = try await LibraryReference.video(reference, on: database) else {
            throw AskError.noSuchVideo(reference)
        }
        return video
    }

    func channel(_ reference: String) async throws -> Channel {
        guard let channel = try await LibraryReference.channel(reference, on: database) else {
            throw AskError.noSuchChannel(reference)
        }
        return channel
    }
}
