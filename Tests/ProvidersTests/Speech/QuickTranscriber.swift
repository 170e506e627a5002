import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import Providers

/// A transcription endpoint on loopback that keeps nothing of what it is sent but the file's name and size, and answers
/// at once as a script says.
final class QuickTranscriber: Sendable {
    struct Upload: Sendable {
        /// `part-7.flac`
        var fileName: String
        var bytes: Int
    }

    private let answer: @Sendable (Upload) -> String
    private let state = Mutex<[Upload]>([])

    private init(_ answer: @escaping @Sendable (Upload) -> String) { self.answer = answer }

    var uploads: [Upload] { state.withLock(\.self) }

    /// Calls `body` with the address of a server that answers each upload with the JSON of `answer`.
    static func run<Value>(
        _ answer: @escaping @Sendable (Upload) -> String,
        _ body: (QuickTranscriber, String) async throws -> Value
    ) async throws -> Value {
        let server = QuickTranscriber(answer)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try pipeline.addHandler(Handler(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let value = try await body(server, "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/v1")
            try await channel.close().get()
            return value
        } catch {
            try? await channel.close().get()
            throw error
        }
    }

    fileprivate func heard(_ upload: Upload) -> String {
        state.withLock { $0.append(upload) }
        return answer(upload)
    }
}

private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The form's fields stand before the file.
    private static let headBytes = 4096

    private let server: QuickTranscriber
    private var head: [UInt8] = []
    private var bytes = 0

    init(_ server: QuickTranscriber) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: (head, bytes) = ([], 0)
        case .body(let piece):
            bytes += piece.readableBytes
            if head.count < Self.headBytes { head += piece.readableBytesView.prefix(Self.headBytes) }
        case .end:
            let text = String(decoding: head, as: UTF8.self)
            let name = text.split(separator: "filename=\"").dropFirst().first?.prefix { $0 != "\"" } ?? ""
            let json = server.heard(QuickTranscriber.Upload(fileName: String(name), bytes: bytes))
            let headers = HTTPHeaders([("content-type", "application/json"), ("content-length", "\(json.utf8.count)")])
            context.write(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers))), promise: nil
            )
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: json)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
