internal import AsyncHTTPClient
internal import NIOCore

/// One request for a transcription, within its time and the size of its answer.
struct TranscriptionExchange: Sendable {
    var transport: EndpointTransport
    var timeout: Duration
    var maximumAnswerBytes: Int

    /// The body of a successful answer.
    func post(_ form: TranscriptionForm) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await exchange(form) }
            group.addTask {
                try await ContinuousClock().sleep(for: timeout)
                throw ProviderError(.timeout, "The transcription endpoint did not answer in time.")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }

    private func exchange(_ form: TranscriptionForm) async throws -> [UInt8] {
        let response = try await response(form)
        var bytes: [UInt8] = []
        var chunks = response.body.makeAsyncIterator()
        while let chunk = try await next(&chunks) {
            guard bytes.count + chunk.readableBytes <= maximumAnswerBytes else {
                throw ProviderError(.tooLarge, "The answer of the transcription endpoint is too large.")
            }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }

    private func response(_ form: TranscriptionForm) async throws -> HTTPClientResponse {
        do {
            return try await transport.post(
                .stream(form.body, length: .known(Int64(form.bytes))), headers: [("content-type", form.contentType)],
                accept: "application/json", deadline: .now() + TimeAmount(timeout))
        } catch let error as ProviderError where error.status == 413 {
            throw ProviderError(
                .tooLarge, "The transcription endpoint does not take a request of \(form.bytes) bytes (HTTP 413).",
                detail: error.detail, status: error.status)
        }
    }

    private func next(_ chunks: inout HTTPClientResponse.Body.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await chunks.next()
        } catch {
            throw transport.providerError(error)
        }
    }
}
