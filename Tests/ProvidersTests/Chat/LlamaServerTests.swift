import AsyncHTTPClient
import Foundation
import NIOCore
import Testing

@testable import Providers

@Suite(
    "A real chat server",
    .enabled(if: LlamaServer.isInstalled, "no chat server is installed: scripts/lib/chat-model.sh"), .serialized,
    .timeLimit(.minutes(3)))
struct LlamaServerTests {
    @Test("streams its answer, counts its tokens, answers two at once, stops when told, and says when it is too long")
    func protocolIsSpoken() async throws {
        let server = try LlamaServer()
        defer { server.stop() }
        let model = EndpointChatModel(
            EndpointChatModel.Configuration(
                baseURL: server.address + "/v1", apiKey: nil, model: "smollm2",
                contextTokens: LlamaServer.contextTokens))
        do {
            try await streams(model)
            try await answersTwoAtOnce(model)
            try await isCancelled(model, server)
            try await saysThatItIsTooLong(model)
        } catch {
            await model.close()
            throw error
        }
        await model.close()
    }

    private func streams(_ model: EndpointChatModel) async throws {
        let heard = Heard()
        let end = try await model.answer(Self.question("What is the capital of France?", 40)) { heard.append($0) }
        #expect(heard.pieces.count > 3, "\(heard.pieces)")
        #expect(end.reason == .stop || end.reason == .length)
        let usage = try #require(end.usage)
        #expect(usage.promptTokens > 5 && usage.promptTokens < 100)
        #expect(usage.completionTokens > 3 && usage.completionTokens <= 41)
        #expect(end.model?.isEmpty == false)
    }

    private func answersTwoAtOnce(_ model: EndpointChatModel) async throws {
        let first = Heard()
        let second = Heard()
        async let one = model.answer(Self.question("Count from one to ten.", 60)) { first.append($0) }
        async let two = model.answer(Self.question("Name three animals.", 60)) { second.append($0) }
        #expect(try await one.usage != nil)
        #expect(try await two.usage != nil)
        #expect(!first.text.isEmpty && !second.text.isEmpty)
    }

    private func isCancelled(_ model: EndpointChatModel, _ server: LlamaServer) async throws {
        let (begun, source) = AsyncStream<Void>.makeStream()
        let call = Task {
            try await model.answer(Self.question("Write a very long story about the sea.", 1900)) { _ in source.yield()
            }
        }
        var pieces = begun.makeAsyncIterator()
        await pieces.next()
        #expect(try await Self.busySlots(server) == 1)
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        // The server looks after its connections between two tokens: an answer of 1900 takes far longer.
        let patience = ContinuousClock.now + .seconds(10)
        while try await Self.busySlots(server) > 0, ContinuousClock.now < patience { await Task.yield() }
        #expect(try await Self.busySlots(server) == 0)
    }

    private func saysThatItIsTooLong(_ model: EndpointChatModel) async throws {
        let text = String(repeating: "The sea is wide and deep. ", count: 1000)
        let error = await #expect(throws: ProviderError.self) {
            try await model.answer(Self.question(text, 10)) { _ in }
        }
        #expect(error?.kind == .contextExceeded && error?.isRetryable == false, "\(error.debugDescription)")
    }

    private static func question(_ text: String, _ tokens: Int) -> ChatPrompt {
        ChatPrompt([ChatTurn(.user, text)], maximumTokens: tokens)
    }

    /// How many answers the server is making.
    private static func busySlots(_ server: LlamaServer) async throws -> Int {
        let answer = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: server.address + "/slots"), timeout: .seconds(10))
        let body = try await answer.body.collect(upTo: 1 << 20)
        let slots = try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [[String: Any]]
        return slots?.count { $0["is_processing"] as? Bool == true } ?? -1
    }
}
