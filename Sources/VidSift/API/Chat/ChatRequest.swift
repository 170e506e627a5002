/// The body of a question, as clients send it.
struct ChatRequest: Decodable, Sendable {
    /// The most messages that are taken.
    static let maximumMessages = 40
    /// The most bytes of text in all messages together.
    static let maximumBytes = 32 << 10

    struct Message: Decodable, Sendable {
        var role: String
        var content: String
    }

    var messages: [Message]
    var videoId: String?
    var videoIds: [String]?
    var channelId: String?
    var sessionId: String?
    var mode: String?
    var strict: Bool?
}

extension ChatRequest {
    /// The question that it asks.
    ///
    /// - Throws: `Problem` that names the field; `AskError` where the session's id can't be one.
    func question(of caller: Caller) throws -> Question {
        try checkMessages()
        guard mode.map({ ["auto", "quotes"].contains($0) }) ?? true else {
            throw Problem.invalid("mode: expected auto or quotes, found \((mode ?? "").quotedForPeople).")
        }
        var session: SessionID?
        if let sessionId {
            guard let id = SessionID(sessionId) else { throw AskError.noSuchSession }
            session = id
        }
        return Question(
            text: messages.last?.content ?? "", owner: caller.id, subject: try subject(), session: session)
    }

    private func checkMessages() throws {
        guard !messages.isEmpty, messages.count <= Self.maximumMessages else {
            throw Problem.invalid("messages: expected 1 to \(Self.maximumMessages), found \(messages.count).")
        }
        for (index, message) in messages.enumerated() where !["user", "assistant"].contains(message.role) {
            throw Problem.invalid(
                "messages.[\(index)].role: expected user or assistant, found \(message.role.quotedForPeople).")
        }
        let bytes = messages.reduce(0) { $0 + $1.content.utf8.count }
        guard bytes <= Self.maximumBytes else {
            throw Problem.invalid("messages: expected at most \(Self.maximumBytes) bytes in all, found \(bytes).")
        }
        guard messages.last?.role == "user" else {
            throw Problem.invalid("messages: expected the last one to be the user's.")
        }
    }

    private func subject() throws -> Question.Subject {
        let named = [videoId != nil, videoIds != nil, channelId != nil].count { $0 }
        guard named <= 1 else {
            throw Problem.invalid("Expected one of videoId, videoIds and channelId, found \(named) of them.")
        }
        if videoIds?.isEmpty == true { throw Problem.invalid("videoIds: expected at least one id.") }
        let videos = videoIds ?? videoId.map { [$0] } ?? []
        if videos.contains("") { throw Problem.invalid("\(videoId == nil ? "videoIds" : "videoId"): expected an id.") }
        if channelId == "" { throw Problem.invalid("channelId: expected an id.") }
        return Question.Subject(videos: videos, channel: channelId)
    }
}
