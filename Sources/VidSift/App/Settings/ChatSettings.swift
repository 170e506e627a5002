package import Providers

/// A language model behind an OpenAI-compatible endpoint.
package struct ChatSettings: Sendable {
    package var baseURL: String
    package var apiKey: Secret?
    package var model: String
    /// Tokens that prompt and answer together may have.
    package var contextTokens: Int

    /// What most hosted and local models take; less than most, so that answers stay cheap.
    package static let usualContextTokens = 16_384
    /// The `CHAT_MODEL` that means that there is none.
    package static let none = "none"
}

extension ChatSettings {
    /// The language model that the settings name; it connects to nothing yet.
    package func chatModel() -> any ChatModel {
        EndpointChatModel(
            EndpointChatModel.Configuration(
                baseURL: baseURL, apiKey: apiKey, model: model, contextTokens: contextTokens))
    }
}
