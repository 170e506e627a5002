internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// One attempt at an answer: sends the request, and hands over what comes within the time-outs.
struct ChatExchange: Sendable {
    var transport: EndpointTransport
    var configuration: EndpointChatModel.Configuration
    var delivery: AnswerDelivery

    private enum Outcome: Sendable {
        case ended(ChatEnd)
        case passed(AnswerWatch.Limit)
    }

    /// - Throws: ``ProviderError``, `CancellationError`, ``AnswerDelivery/Refusal``; the connection is closed then.
    func run(_ body: ReleasableBody) async throws -> ChatEnd {
        let watch = AnswerWatch(configuration)
        return try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask { .ended(try await exchange(body, watch)) }
            group.addTask { .passed(try await watch.run()) }
            defer { group.cancelAll() }
            switch try await group.next() {
            case .ended(let end)?: return end
            case .passed(.end)?:
                // The answer is there; only the connection was not given back in time.
                group.cancelAll()
                if case .ended(let end)? = try await group.next() { return end }
                throw watch.error(.end)
            case .passed(let limit)?: throw watch.error(limit)
            case nil: throw CancellationError()
            }
        }
    }

    private func exchange(_ body: ReleasableBody, _ watch: AnswerWatch) async throws -> ChatEnd {
        let response = try await begin(body)
        var answer = ChatAnswerBody(
            contentType: response.headers.first(name: "content-type"), maximumBytes: configuration.maximumAnswerBytes,
            secret: configuration.apiKey)
        var chunks = response.body.makeAsyncIterator()
        while let chunk = try await next(&chunks, answer) {
            try await deliver(answer.read(chunk.readableBytesView), isComplete: answer.isComplete, watch)
        }
        try await deliver(answer.end(), isComplete: true, watch)
        return answer.ending
    }

    /// The beginning of the answer. It is waited for in a task of its own, which gives back what it needed, for the rest takes
    /// a while.
    private func begin(_ body: ReleasableBody) async throws -> HTTPClientResponse {
        async let response = transport.post(
            body, accept: "text/event-stream, application/json",
            deadline: .now() + TimeAmount(configuration.answerTimeout))
        return try await response
    }

    /// Of a complete answer, only the end of the body is missing: how that fails doesn't matter.
    private func next(
        _ chunks: inout HTTPClientResponse.Body.AsyncIterator, _ answer: ChatAnswerBody
    ) async throws -> ByteBuffer? {
        do {
            return try await chunks.next()
        } catch {
            if answer.isComplete { return nil }
            throw transport.providerError(error)
        }
    }

    private func deliver(_ piece: ChatAnswerBody.Piece, isComplete: Bool, _ watch: AnswerWatch) async throws {
        if !piece.text.isEmpty {
            // While the reader takes its time nothing more is read: the connection holds the rest.
            watch.expect(.answer)
            try await delivery.deliver(piece.text)
        }
        if let failure = piece.failure { throw failure }
        if piece.hasProgressed {
            delivery.progress()
            watch.expect(isComplete ? .end : .idle)
        }
    }
}

/// Hands an answer's text to whoever asked, and knows whether any was: then the question can't be asked again.
final class AnswerDelivery: Sendable {
    /// The reader's own error.
    struct Refusal: Error {
        var cause: any Error
    }

    private let receive: @Sendable (String) async throws -> Void
    private let didProgress: @Sendable () -> Void
    private let begun = Atomic(false)

    /// - Parameter didProgress: is called when the model has gone on.
    init(
        receive: @escaping @Sendable (String) async throws -> Void, didProgress: @escaping @Sendable () -> Void
    ) {
        self.receive = receive
        self.didProgress = didProgress
    }

    var hasBegun: Bool { begun.load(ordering: .acquiring) }

    func progress() { didProgress() }

    /// - Throws: ``Refusal``.
    func deliver(_ text: String) async throws {
        begun.store(true, ordering: .releasing)
        do {
            try await receive(text)
        } catch {
            throw Refusal(cause: error)
        }
    }
}
