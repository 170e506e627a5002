package import Database
package import Foundation

/// A conversation, which belongs to whoever began it.
package struct ChatSession: Sendable, Hashable, Identifiable {
    package var id: SessionID
    package var videoID: VideoID?
    package var channelID: ChannelID?
    package var title: String
    package var createdAt: Date
    package var updatedAt: Date
}

extension ChatSession: RowDecodable {
    package init(row: Row) throws {
        id = try row.decode("id")
        videoID = try row.decode("video_id")
        channelID = try row.decode("channel_id")
        title = try row.decode("title")
        createdAt = try row.decode("created_at")
        updatedAt = try row.decode("updated_at")
    }
}

extension ChatSession {
    /// The longest title, in characters; the first question is cut here.
    static let maximumTitleLength = 80

    private static let selection: SQL = """
        SELECT id, video_id, channel_id, title, created_at, updated_at FROM chat_sessions
        """

    /// Begins a conversation about a video, a channel or everything.
    package static func create(
        owner: String, video: VideoID?, channel: ChannelID?, title: String, on tx: some SQLRunner
    ) async throws -> SessionID {
        let id = SessionID()
        let cut = String(title.prefix(maximumTitleLength))
        try await tx.execute(
            """
            INSERT INTO chat_sessions (id, owner, video_id, channel_id, title, created_at, updated_at)
            VALUES (\(id), \(owner), \(video), \(channel), \(cut), now(), now())
            """)
        return id
    }

    /// The owner's session of that id; for anyone else it does not exist.
    package static func get(_ id: SessionID, owner: String, on db: some SQLRunner) async throws -> ChatSession? {
        try await db.first("\(selection) WHERE id = \(id) AND owner = \(owner)", as: ChatSession.self)
    }

    /// The owner's sessions, the last used first.
    package static func recent(owner: String, limit: Int, on db: some SQLRunner) async throws -> [ChatSession] {
        try await db.rows(
            "\(selection) WHERE owner = \(owner) ORDER BY updated_at DESC, id DESC LIMIT \(limit)", as: ChatSession.self
        )
    }

    package static func delete(_ id: SessionID, owner: String, on db: some SQLRunner) async throws -> Bool {
        try await db.execute("DELETE FROM chat_sessions WHERE id = \(id) AND owner = \(owner)") > 0
    }
}
