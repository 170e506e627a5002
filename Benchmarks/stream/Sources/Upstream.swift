import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A language model on a port of loopback that says what its script tells it, as OpenAI's API would.
///
///     POST /v1/chat/completions    the answer, streamed or whole
///     GET /v1/models
///     GET /counts                  what it was asked since the last script
///     POST /script?tokens=N&interval-ms=I&citing=never|in-its-words|in-others
struct Upstream {
    let port: Int
    let script: Script

    /// Serves until the process is ended.
    func run() async throws {
        let book = ScriptBook(script)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(UpstreamConnection(book))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        FileHandle.standardOutput.write(Data("listening on \(channel.localAddress?.port ?? port)\n".utf8))
        try await channel.closeFuture.get()
    }
}

/// Answers the requests of one connection in turn.
private final class UpstreamConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// No prompt of the benchmark is longer.
    private static let maximumBody = 8 << 20

    private let book: ScriptBook
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var answer: Answer?
    private var due = NIODeadline.now()
    private var next: Scheduled<Void>?

    init(_ book: ScriptBook) { self.book = book }

    func channelActive(context: ChannelHandlerContext) { book.connected() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var bytes):
            guard body.readableBytes + bytes.readableBytes <= Self.maximumBody else {
                return context.close(promise: nil)
            }
            body.writeBuffer(&bytes)
        case .end: perform(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        next?.cancel()
        if answer != nil { book.ended(whole: false) }
        answer = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func perform(_ context: ChannelHandlerContext) {
        guard let head, let address = URLComponents(string: head.uri) else { return context.close(promise: nil) }
        switch (head.method, address.path) {
        case (.POST, "/v1/chat/completions"): begin(context)
        case (.GET, "/v1/models"):
            send(.ok, #"{"object":"list","data":[{"id":"scripted","object":"model","owned_by":"us"}]}"#, context)
        case (.GET, "/counts"):
            send(.ok, String(decoding: (try? JSONEncoder().encode(book.counts)) ?? Data(), as: UTF8.self), context)
        case (.POST, "/script"):
            guard let script = Script(address.queryItems ?? []) else { return send(.badRequest, "{}", context) }
            book.replace(with: script)
            send(.ok, "{}", context)
        default: send(.notFound, #"{"error":{"message":"there is no such page"}}"#, context)
        }
    }

    private func begin(_ context: ChannelHandlerContext) {
        book.began()
        var answer = Answer(script: book.script, number: book.counts.requests, body: body)
        guard body.contains(#""stream":true"#) || body.contains(#""stream": true"#) else {
            send(.ok, answer.whole(), context)
            return book.ended(whole: true)
        }
        let headers: HTTPHeaders = ["content-type": "text/event-stream", "cache-control": "no-cache"]
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        due = .now()
        self.answer = answer
        speak(context)
    }

    /// Says what is due, and comes back for the next token.
    private func speak(_ context: ChannelHandlerContext) {
        while var answer, answer.hasMore, due <= .now() {
            write(answer.next(), context)
            self.answer = answer
            due = due + answer.script.interval
        }
        guard let answer else { return }
        guard answer.hasMore else { return finish(answer, context) }
        next = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { self.speak(context) }
    }

    private func finish(_ answer: Answer, _ context: ChannelHandlerContext) {
        self.answer = nil
        book.ended(whole: true)
        write(answer.ending(), context)
        end(context)
    }

    private func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
    }

    private func end(_ context: ChannelHandlerContext) {
        let written = context.eventLoop.makePromise(of: Void.self)
        if head?.isKeepAlive == false {
            written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func send(_ status: HTTPResponseStatus, _ json: String, _ context: ChannelHandlerContext) {
        send(status, ByteBuffer(string: json), context)
    }

    private func send(_ status: HTTPResponseStatus, _ json: ByteBuffer, _ context: ChannelHandlerContext) {
        let headers: HTTPHeaders = ["content-type": "application/json", "content-length": "\(json.readableBytes)"]
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        write(json, context)
        end(context)
    }
}

extension Script {
    fileprivate init?(_ items: [URLQueryItem]) {
        func value(_ name: String) -> String? { items.first { $0.name == name }?.value }
        func number(_ name: String) -> Int? { value(name).flatMap { Int($0) } }
        guard let tokens = number("tokens"), (1...Stamp.largestNumber).contains(tokens),
            let interval = number("interval-ms"), interval >= 0, let citing = value("citing").flatMap(Citing.init)
        else { return nil }
        self.init(tokens: tokens, interval: .milliseconds(Int64(interval)), citing: citing)
    }
}
