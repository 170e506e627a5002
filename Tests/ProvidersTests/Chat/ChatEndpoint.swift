import Synchronization
import TestModels
import Testing

@testable import Providers

/// A chat model at a loopback endpoint, and what it said so far.
struct ChatEndpoint {
    let model: EndpointChatModel
    let server: LoopbackEndpoint
    let clock: InstantClock
    let heard: Heard

    static let prompt = ChatPrompt([ChatTurn(.user, "Say this is a test")], maximumTokens: 50)

    /// Calls `body` with a model at a server that answers as `answer` says.
    static func run(
        _ answer: @escaping @Sendable (LoopbackEndpoint.Request, Int) -> LoopbackEndpoint.Answer,
        _ change: (inout EndpointChatModel.Configuration) -> Void = { _ in }, firstPieceOpens gate: Gate? = nil,
        body: (ChatEndpoint) async throws -> Void
    ) async throws {
        try await LoopbackEndpoint.run(answer) { server, address in
            var configuration = EndpointChatModel.Configuration(
                baseURL: address, apiKey: "sk-very-secret", model: "test-model", contextTokens: 4096)
            change(&configuration)
            let clock = InstantClock()
            let model = EndpointChatModel(configuration, clock: clock, jitter: { 1 })
            let endpoint = ChatEndpoint(model: model, server: server, clock: clock, heard: Heard(opens: gate))
            do {
                try await body(endpoint)
            } catch {
                await model.close()
                throw error
            }
            await model.close()
        }
    }

    /// Asks, and keeps the pieces of the answer.
    @discardableResult
    func ask(_ prompt: ChatPrompt = prompt) async throws -> ChatEnd {
        try await model.answer(prompt) { [heard] in heard.append($0) }
    }

    /// Asks, and expects an error that doesn't tell the key.
    @discardableResult
    func expectFailure(
        _ kind: ProviderError.Kind, saying words: String = "", location: SourceLocation = #_sourceLocation
    ) async -> ProviderError? {
        let error = await #expect(throws: ProviderError.self, sourceLocation: location) { try await ask() }
        #expect(error?.kind == kind, sourceLocation: location)
        let description = error?.description ?? ""
        #expect(words.isEmpty || description.contains(words), "\(description)", sourceLocation: location)
        #expect(error?.debugDescription.contains("very-secret") != true, sourceLocation: location)
        return error
    }

    /// An event with a piece of text.
    static func word(_ text: String) -> String {
        #"data: {"choices":[{"index":0,"delta":{"content":"\#(text)"}}]}"# + "\n\n"
    }

    static let role = #"data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"# + "\n\n"
    static let stop = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
    static let done = "data: [DONE]\n\n"
    /// A whole answer.
    static let hello = word("Hello") + stop + done
}

/// The pieces of an answer.
final class Heard: Sendable {
    private let state = Mutex<[String]>([])
    /// Opened by the first piece.
    private let gate: Gate?

    init(opens gate: Gate? = nil) { self.gate = gate }

    var pieces: [String] { state.withLock(\.self) }
    var text: String { pieces.joined() }

    func append(_ piece: String) {
        state.withLock { $0.append(piece) }
        gate?.open()
    }
}
