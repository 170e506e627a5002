package import Providers
import Synchronization

/// A chat model in the process that says what a script tells it to.
package final class ScriptedChatModel: ChatModel {
    /// What it does with a prompt: calls `say` with each piece.
    package typealias Script =
        @Sendable (_ prompt: ChatPrompt, _ say: @Sendable (String) async throws -> Void) async throws -> ChatEnd

    package let name: String
    package let contextTokens: Int
    private let script: Script
    private let asked = Mutex<[ChatPrompt]>([])

    package init(name: String = "scripted", contextTokens: Int = 16_384, script: @escaping Script) {
        self.name = name
        self.contextTokens = contextTokens
        self.script = script
    }

    /// Says the same pieces to everybody.
    package convenience init(saying pieces: [String]) {
        self.init { _, say in
            for piece in pieces where !piece.isEmpty { try await say(piece) }
            return ChatEnd(reason: .stop, usage: TokenUsage(promptTokens: 100, completionTokens: pieces.count))
        }
    }

    /// What it was asked so far.
    package var prompts: [ChatPrompt] { asked.withLock(\.self) }

    package func answer(
        _ prompt: ChatPrompt, receive: @escaping @Sendable (String) async throws -> Void
    ) async throws -> ChatEnd {
        asked.withLock { $0.append(prompt) }
        return try await script(prompt, receive)
    }

    package func close() async {}
}
