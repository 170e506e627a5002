/// The body of a question, as our own clients and those of the AI SDK send it.
struct ChatRequest: Decodable, Sendable {
    var messages: [ClientMessage]
    var videoId: String?
    var videoIds: [String]?
    var channelId: String?
    var sessionId: String?
    /// What an AI SDK client calls the chat. Of interest only where it is a session's id, so nothing else is refused.
    var id: ChatName?
    var mode: String?
    var strict: Bool?

    struct ChatName: Decodable, Sendable {
        let text: String?

        init(from decoder: any Decoder) throws {
            text = try? decoder.singleValueContainer().decode(String.self)
        }
    }
}

extension ChatRequest {
    /// The question that it asks.
    ///
    /// - Throws: `Problem` that names the field; `AskError` where the session's id can't be one.
    func question(of caller: Caller) throws -> Question {
        let conversation = try ClientConversation(messages)
        let mode = try answerMode()
        let session = try session()
        return Question(
            text: conversation.question, owner: caller.id, subject: try subject(), session: session,
            history: session == nil ? conversation.history : [], mode: mode, isStrict: strict ?? false)
    }

    private func answerMode() throws -> Question.Mode {
        guard let mode else { return .auto }
        guard let known = Question.Mode(rawValue: mode) else {
            let names = Question.Mode.allCases.map(\.rawValue).joined(separator: " or ")
            throw Problem.invalid("mode: expected \(names), found \(mode.quotedForPeople).")
        }
        return known
    }

    private func session() throws -> SessionID? {
        guard let sessionId else { return nil }
        guard let id = SessionID(sessionId) else { throw AskError.noSuchSession }
        return id
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
