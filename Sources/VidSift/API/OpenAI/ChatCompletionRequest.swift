/// The body of OpenAI's chat completion; what is not here is ignored.
struct ChatCompletionRequest: Decodable, Sendable {
    var model: String
    var messages: [ClientMessage]
    var stream: Bool?
    var stream_options: StreamOptions?
    var n: Int?

    struct StreamOptions: Decodable, Sendable {
        var include_usage: Bool?
    }
}

extension ChatCompletionRequest {
    /// Whose messages are not heard: OpenAI's clients send instructions with every request, and nobody but the server
    /// instructs its model.
    private static let unheardRoles: Set = ["system", "developer"]

    /// The question that it asks.
    ///
    /// - Throws: `OpenAIError`, `Problem`.
    func question(of caller: Caller) throws -> Question {
        guard n ?? 1 == 1 else { throw OpenAIError.invalid("n", "expected 1: there is one answer.") }
        let subject = try AnsweringModel(named: model).subject
        let conversation = try ClientConversation(messages, ignoredRoles: Self.unheardRoles)
        return Question(
            text: conversation.question, owner: caller.id, subject: subject, history: conversation.history)
    }
}

/// What OpenAI's clients call a model: what of the library answers.
enum AnsweringModel: Sendable, Hashable {
    case everything
    case video(String)
    case channel(String)

    private static let everythingName = "vidsift"
    private static let videoPrefix = "video:"
    private static let channelPrefix = "channel:"

    /// - Throws: `OpenAIError` where there is no such model.
    init(named name: String) throws {
        if name == Self.everythingName {
            self = .everything
        } else if let id = name.without(Self.videoPrefix) {
            self = .video(id)
        } else if let id = name.without(Self.channelPrefix) {
            self = .channel(id)
        } else {
            throw OpenAIError.noSuchModel(
                "There is no model \(name.quotedForPeople); expected vidsift, video:<id> or channel:<id>.")
        }
    }

    var name: String {
        switch self {
        case .everything: Self.everythingName
        case .video(let id): Self.videoPrefix + id
        case .channel(let id): Self.channelPrefix + id
        }
    }

    var subject: Question.Subject {
        switch self {
        case .everything: Question.Subject()
        case .video(let id): Question.Subject(videos: [id])
        case .channel(let id): Question.Subject(channel: id)
        }
    }
}

extension String {
    /// What follows the prefix, where there is something.
    fileprivate func without(_ prefix: String) -> String? {
        guard hasPrefix(prefix), count > prefix.count else { return nil }
        return String(dropFirst(prefix.count))
    }
}
