import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A loopback HTTPS server that says yes to everything.
final class EncryptedReceiver: Sendable {
    private let state = Mutex<[String]>([])

    /// The `Host` of each request, without its port.
    var names: [String] { state.withLock { $0 } }
    var requests: Int { names.count }

    static func run<Value>(
        _ certificate: TestCertificate, _ body: (EncryptedReceiver, Int) async throws -> Value
    ) async throws -> Value {
        let receiver = EncryptedReceiver()
        let tls = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: NIOSSLCertificate.fromPEMFile(certificate.certificate).map { .certificate($0) },
                privateKey: .privateKey(NIOSSLPrivateKey(file: certificate.key, format: .pem))))
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLServerHandler(context: tls))
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(ReceiverHandler(receiver))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let value = try await body(receiver, channel.localAddress?.port ?? 0)
            try await channel.close().get()
            return value
        } catch {
            try? await channel.close().get()
            throw error
        }
    }

    fileprivate func received(_ head: HTTPRequestHead) {
        let host = head.headers.first(name: "host") ?? ""
        state.withLock { $0.append(String(host.prefix { $0 != ":" })) }
    }
}

private final class ReceiverHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let receiver: EncryptedReceiver

    init(_ receiver: EncryptedReceiver) { self.receiver = receiver }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): receiver.received(head)
        case .body: break
        case .end:
            let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
