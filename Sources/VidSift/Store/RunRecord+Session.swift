package import Database

extension RunRecord {
    /// The answer that is being made in a session of the owner's, the last where there are several.
    package static func running(
        in session: SessionID, owner: String, on db: some SQLRunner
    ) async throws -> RunID? {
        try await db.value(
            """
            SELECT id FROM runs WHERE session_id = \(session) AND owner = \(owner) AND state = 'running'
            ORDER BY created_at DESC, id DESC LIMIT 1
            """, as: RunID.self)
    }
}
