import NIOCore
import NIOPosix

/// A request over a connection of its own, whose answer is read as far as one wishes.
struct Visit {
    private var answer: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private(set) var text = ""

    fileprivate init(_ answer: NIOAsyncChannelInboundStream<ByteBuffer>) {
        self.answer = answer.makeAsyncIterator()
    }

    /// It never said what a test waited for.
    struct Ended: Error {
        var part: String
        var text: String
    }

    /// Reads until that has come.
    ///
    /// - Throws: `Ended`; `IOError`.
    mutating func read(until part: String) async throws {
        while !text.contains(part) {
            guard let piece = try await answer.next() else { throw Ended(part: part, text: text) }
            text += String(buffer: piece)
        }
    }

    /// Reads until the server closes the connection.
    mutating func readToTheEnd() async throws {
        while let piece = try await answer.next() { text += String(buffer: piece) }
    }
}

extension TestServer {
    /// Sends a request, and leaves when `body` returns.
    func visit<Value: Sendable>(
        _ method: String, _ path: String, _ json: String = "",
        _ body: @Sendable (inout Visit) async throws -> Value
    ) async throws -> Value {
        let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let head = """
            \(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r
            Content-Length: \(json.utf8.count)\r\n\r\n
            """
        return try await client.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: head + json))
            var visit = Visit(inbound)
            return try await body(&visit)
        }
    }
}
