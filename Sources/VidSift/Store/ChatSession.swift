package import Database
package import Foundation

/// A conversation, which belongs to whoever began it.
package struct ChatSession: Sendable, Hashable, Identifiable {
    package var id: SessionID
    /// What its questions are about, unless they say otherwise; what of it was deleted is still named here.
    package var scope: Scope
    /// The video it is about, where it is about one that is still there.
    package var videoID: VideoID?
    /// The channel it is about, where it is about one that is still there.
    package var channelID: ChannelID?
    package var title: String
    package var createdAt: Date
    package var updatedAt: Date
}

extension ChatSession: RowDecodable {
    package init(row: Row) throws {
        id = try row.decode("id")
        scope = try row.decode("scope")
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
        SELECT id, scope, video_id, channel_id, title, created_at, updated_at FROM chat_sessions
        """

    /// Begins a conversation about videos, a channel or everything.
    package static func create(
        owner: String, scope: Scope, title: String, on tx: some SQLRunner
    ) async throws -> SessionID {
        let id = SessionID()
        try await tx.execute(creation(id, owner: owner, scope: scope, title: title))
        return id
    }

    package static func creation(_ id: SessionID, owner: String, scope: Scope, title: String) -> SQL {
        let cut = String(title.prefix(maximumTitleLength))
        return """
            INSERT INTO chat_sessions (id, owner, scope, video_id, channel_id, title, created_at, updated_at)
            VALUES (\(id), \(owner), \(scope), \(scope.onlyVideo), \(scope.onlyChannel), \(cut), now(), now())
            """
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

    /// Gives all of one owner's sessions to another, with their runs: a visitor has signed in.
    ///
    /// - Returns: how many there were.
    package static func adopt(from visitor: String, to owner: String, on tx: some SQLRunner) async throws -> Int {
        try await tx.execute("UPDATE runs SET owner = \(owner) WHERE owner = \(visitor)")
        return try await tx.execute("UPDATE chat_sessions SET owner = \(owner) WHERE owner = \(visitor)")
    }

    package static func delete(_ id: SessionID, owner: String, on db: some SQLRunner) async throws -> Bool {
        try await db.execute("DELETE FROM chat_sessions WHERE id = \(id) AND owner = \(owner)") > 0
    }
}

extension Scope {
    /// The video, where it is a single one.
    var onlyVideo: VideoID? {
        guard case .videos(let ids) = self, ids.count == 1 else { return nil }
        return ids.first
    }

    var onlyChannel: ChannelID? {
        guard case .channel(let id) = self else { return nil }
        return id
    }
}

extension Scope: SQLBindable, SQLDecodable {
    /// As JSON; ids have nothing in them that would want escaping.
    package var sqlValue: SQLValue {
        switch self {
        case .everything: .text("{}")
        case .channel(let id): .text(#"{"channel":"\#(id)"}"#)
        case .videos(let ids): .text(#"{"videos":[\#(ids.map { #""\#($0)""# }.joined(separator: ","))]}"#)
        }
    }

    private struct Stored: Decodable {
        var videos: [VideoID]?
        var channel: ChannelID?
    }

    package static func decode(_ value: SQLValue) throws -> Scope {
        let text = try String.decode(value)
        guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(text.utf8)) else {
            throw SQLMismatch(expected: "a scope", found: value)
        }
        switch (stored.videos, stored.channel) {
        case (let videos?, nil): return .videos(videos)
        case (nil, let channel?): return .channel(channel)
        case (nil, nil): return .everything
        case (_?, _?): throw SQLMismatch(expected: "a scope", found: value)
        }
    }
}
