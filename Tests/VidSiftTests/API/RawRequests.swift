import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

extension TestServer {
    /// Sends a request line as it stands, which a URL library would refuse or rewrite.
    func raw(_ requestLine: String, host: String? = "localhost") async throws -> Answer {
        let head = "\(requestLine) HTTP/1.1\r\n" + (host.map { "Host: \($0)\r\n" } ?? "") + "Connection: close\r\n\r\n"
        let text = try await rawBytes(head)
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = parts[0].split(separator: "\r\n")
        var headers = HTTPHeaders()
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            headers.add(name: pair[0], value: pair[1])
        }
        return Answer(
            status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: headers,
            body: ByteBuffer(string: parts.count > 1 ? String(parts[1]) : ""))
    }

    /// Sends bytes and reads until the server closes the connection.
    func rawBytes(_ text: String) async throws -> String {
        let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await client.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var received = ByteBuffer()
            for try await piece in inbound { received.writeImmutableBuffer(piece) }
            return String(buffer: received)
        }
    }
}
