internal import AsyncHTTPClient
internal import NIOCore

/// One request for vectors, within its time and the size of its answer.
struct EmbeddingExchange: Sendable {
    var transport: EndpointTransport
    var timeout: Duration
    var maximumAnswerBytes: Int

    /// The body of a successful answer.
    func post(_ body: [UInt8]) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await exchange(body) }
            group.addTask {
                try await ContinuousClock().sleep(for: timeout)
                throw ProviderError(.timeout, "The embeddings endpoint did not answer in time.")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }

    private func exchange(_ body: [UInt8]) async throws -> [UInt8] {
        let response = try await transport.post(
            ByteBuffer(bytes: body), accept: "application/json", deadline: .now() + TimeAmount(timeout))
        var bytes: [UInt8] = []
        var chunks = response.body.makeAsyncIterator()
        while let chunk = try await next(&chunks) {
            guard bytes.count + chunk.readableBytes <= maximumAnswerBytes else {
                throw ProviderError(.tooLarge, "The answer of the embeddings endpoint is too large.")
            }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }

    private func next(_ chunks: inout HTTPClientResponse.Body.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await chunks.next()
        } catch {
            throw transport.providerError(error)
        }
    }
}
