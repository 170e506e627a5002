/// A language model that answers a conversation piece by piece.
public protocol ChatModel: Sendable {
    /// The endpoint's name of the model.
    var name: String { get }
    /// The tokens that prompt and answer together may have.
    var contextTokens: Int { get }

    /// Asks, and hands over the answer's text as it comes.
    ///
    /// The prompt, which may be large, is not kept longer than it may have to be sent again.
    ///
    /// - Parameter receive: is given each piece of text in order, none of them empty; what it throws ends the request.
    /// - Returns: How the answer ended.
    /// - Throws: ``ProviderError``; `CancellationError`; what `receive` throws. The connection is closed then.
    func answer(
        _ prompt: consuming ChatPrompt, receive: @escaping @Sendable (String) async throws -> Void
    ) async throws -> ChatEnd

    /// Gives back what is held; later calls fail with `closed`.
    func close() async
}

/// What a model is asked.
public struct ChatPrompt: Sendable, Hashable {
    /// The conversation so far; the last message is what is to be answered.
    public var messages: [ChatTurn]
    /// The most tokens of the answer.
    public var maximumTokens: Int
    /// From 0, always the most probable word, to 2.
    public var temperature: Double

    /// Creates a prompt.
    public init(_ messages: [ChatTurn], maximumTokens: Int, temperature: Double = 0) {
        self.messages = messages
        self.maximumTokens = maximumTokens
        self.temperature = temperature
    }
}

/// One message of a prompt.
public struct ChatTurn: Sendable, Hashable {
    /// Who speaks.
    public enum Role: String, Sendable, Hashable, Codable { case system, user, assistant }

    /// Who speaks.
    public var role: Role
    /// What is said.
    public var content: String

    /// Creates a message.
    public init(_ role: Role, _ content: String) {
        self.role = role
        self.content = content
    }
}

/// How a model's answer ended.
public struct ChatEnd: Sendable, Hashable {
    /// Why the model stopped.
    public enum Reason: String, Sendable, Hashable {
        /// It had said all.
        case stop
        /// It reached the most tokens that were asked for, or its context's end.
        case length
        /// The provider's filter withheld the rest.
        case filtered
        /// Something else, or the endpoint didn't say.
        case unknown
    }

    /// Why the model stopped.
    public var reason: Reason
    /// What was counted; nil where the endpoint doesn't tell.
    public var usage: TokenUsage?
    /// What the endpoint calls the model that answered.
    public var model: String?

    /// Creates an end.
    public init(reason: Reason, usage: TokenUsage? = nil, model: String? = nil) {
        self.reason = reason
        self.usage = usage
        self.model = model
    }
}

/// The tokens of a call, as the endpoint counts them.
public struct TokenUsage: Sendable, Hashable, Codable {
    /// What was read.
    public var promptTokens: Int
    /// What was written.
    public var completionTokens: Int

    /// Creates a count.
    public init(promptTokens: Int, completionTokens: Int) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }
}
