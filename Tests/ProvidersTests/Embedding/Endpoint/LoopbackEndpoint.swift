import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server on a loopback port that answers each request with the next line of a script.
final class LoopbackEndpoint: Sendable {
    /// What the server does with one request.
    enum Answer: Sendable {
        /// A whole answer.
        case respond(Int, [(String, String)], [UInt8])
        /// Promises `bytes` and more, sends `bytes`, and hangs up.
        case cut([UInt8])
        /// Hangs up without an answer.
        case hangUp
        /// Never answers.
        case silence

        static func json(_ status: Int, _ text: String, _ headers: [(String, String)] = []) -> Answer {
            .respond(status, [("content-type", "application/json")] + headers, Array(text.utf8))
        }
    }

    /// One request as it came.
    struct Request: Sendable {
        var path: String
        var headers: HTTPHeaders
        var body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private struct State {
        var requests: [Request] = []
        var open = 0
        var mostOpen = 0
    }

    private let state = Mutex(State())
    private let answer: @Sendable (Request, Int) -> Answer
    /// One element for each request that arrived, and one `false` for each connection that the client closed.
    let events: AsyncStream<Bool>
    private let report: AsyncStream<Bool>.Continuation

    /// Calls `body` with the address of a server that answers the n-th request (from 0) with `answer`.
    static func run<Value>(
        _ answer: @escaping @Sendable (Request, Int) -> Answer,
        _ body: (LoopbackEndpoint, String) async throws -> Value
    ) async throws -> Value {
        let endpoint = LoopbackEndpoint(answer)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(endpoint))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        do {
            let value = try await body(endpoint, "http://127.0.0.1:\(port)/v1")
            try await channel.close().get()
            return value
        } catch {
            try? await channel.close().get()
            throw error
        }
    }

    private init(_ answer: @escaping @Sendable (Request, Int) -> Answer) {
        self.answer = answer
        (events, report) = AsyncStream.makeStream()
    }

    var requests: [Request] { state.withLock { $0.requests } }
    /// The most requests that were being answered at the same time.
    var mostOpen: Int { state.withLock { $0.mostOpen } }

    private func received(_ request: Request) -> Answer {
        let index = state.withLock { state in
            state.requests.append(request)
            state.open += 1
            state.mostOpen = max(state.mostOpen, state.open)
            return state.requests.count - 1
        }
        report.yield(true)
        return answer(request, index)
    }

    private func answered() { state.withLock { $0.open -= 1 } }
    private func disconnected() { report.yield(false) }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let endpoint: LoopbackEndpoint
        private var request = Request(path: "", headers: [:], body: [])

        init(_ endpoint: LoopbackEndpoint) { self.endpoint = endpoint }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): request = Request(path: head.uri, headers: head.headers, body: [])
            case .body(let bytes): request.body.append(contentsOf: bytes.readableBytesView)
            case .end: perform(endpoint.received(request), context)
            }
        }

        func channelInactive(context: ChannelHandlerContext) { endpoint.disconnected() }

        private func perform(_ answer: Answer, _ context: ChannelHandlerContext) {
            switch answer {
            case .respond(let status, let headers, let bytes):
                send(status, headers + [("content-length", "\(bytes.count)")], bytes, context)
                endpoint.answered()
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .cut(let bytes):
                send(200, [("content-length", "\(bytes.count + 1000)")], bytes, context)
                endpoint.answered()
                context.close(promise: nil)
            case .hangUp:
                endpoint.answered()
                context.close(promise: nil)
            case .silence: break
            }
        }

        private func send(
            _ status: Int, _ headers: [(String, String)], _ bytes: [UInt8], _ context: ChannelHandlerContext
        ) {
            let head = HTTPResponseHead(
                version: .http1_1, status: .init(statusCode: status), headers: HTTPHeaders(headers))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        }
    }
}
