package import Database
package import Foundation

/// One message of a conversation.
package struct ChatMessage: Sendable, Hashable, Identifiable {
    package enum Role: String, Sendable, Codable { case user, assistant }
    /// How the message came to its end.
    package enum State: String, Sendable, Codable { case complete, failed, stopped }

    package var id: MessageID
    package var runID: RunID
    package var role: Role
    package var content: String
    /// The citations as a JSON array.
    package var citations: String
    package var state: State
    package var answered: Bool
    package var createdAt: Date
}

extension ChatMessage.Role: SQLBindable, SQLDecodable {}
extension ChatMessage.State: SQLBindable, SQLDecodable {}

extension ChatMessage: RowDecodable {
    package init(row: Row) throws {
        id = try row.decode("id")
        runID = try row.decode("run_id")
        role = try row.decode("role")
        content = try row.decode("content")
        citations = try row.decode("citations")
        state = try row.decode("state")
        answered = try row.decode("answered")
        createdAt = try row.decode("created_at")
    }
}

extension ChatMessage {
    /// Adds a message to a session and marks the session as used.
    package static func append(
        to session: SessionID, run: RunID, role: Role, content: String, citations: String = "[]",
        state: State = .complete, answered: Bool = false, on tx: some SQLRunner
    ) async throws {
        let steps = appending(
            to: session, run: run, role: role, content: content, citations: citations, state: state, answered: answered)
        try await tx.pipeline { for step in steps { $0.execute(step) } }
    }

    /// The statements that add it, one transaction.
    package static func appending(
        to session: SessionID, run: RunID, role: Role, content: String, citations: String = "[]",
        state: State = .complete, answered: Bool = false
    ) -> [SQL] {
        [
            """
            INSERT INTO chat_messages (id, session_id, run_id, role, content, citations, state, answered, created_at)
            VALUES (\(MessageID()), \(session), \(run), \(role), \(content), \(citations), \(state), \(answered), now())
            """,
            "UPDATE chat_sessions SET updated_at = now() WHERE id = \(session)",
        ]
    }

    /// The last messages of a session, oldest first.
    package static func last(_ limit: Int, of session: SessionID, on db: some SQLRunner) async throws -> [ChatMessage] {
        try await db.rows(
            """
            SELECT id, run_id, role, content, citations, state, answered, created_at FROM chat_messages
            WHERE session_id = \(session) ORDER BY created_at DESC, id DESC LIMIT \(limit)
            """, as: ChatMessage.self
        ).reversed()
    }

    /// A page of a session's messages, oldest first by the database's clock.
    package static func list(
        of session: SessionID, limit: Int, offset: Int, on db: some SQLRunner
    ) async throws -> [ChatMessage] {
        try await db.rows(
            """
            SELECT id, run_id, role, content, citations, state, answered, created_at FROM chat_messages
            WHERE session_id = \(session) ORDER BY created_at, id LIMIT \(limit) OFFSET \(offset)
            """, as: ChatMessage.self)
    }
}
