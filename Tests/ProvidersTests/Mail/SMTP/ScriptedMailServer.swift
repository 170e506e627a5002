import NIOCore
import NIOPosix
import Synchronization

/// A loopback server that says what a script tells it to, whatever it is told.
final class ScriptedMailServer: Sendable {
    /// One thing that it does.
    enum Step: Sendable {
        case say(String)
        /// Says the same again and again, as far as the other side takes it.
        case flood(String)
        /// Waits for a line.
        case line
        /// Waits for the line with the dot.
        case content
        /// Waits for anything at all, which is forgotten.
        case anything
        /// Says nothing more, and keeps the connection.
        case hang
        case hangUp
    }

    /// What a test can wait for.
    enum Event: Sendable, Equatable {
        case line(String)
        /// The script is at a `hang`.
        case hanging
        /// The client closed the connection.
        case disconnected
    }

    private let state = Mutex<[String]>([])
    let events: AsyncStream<Event>
    private let eventSource: AsyncStream<Event>.Continuation

    private init() { (events, eventSource) = AsyncStream.makeStream() }

    /// The lines that it was told, of all connections.
    var lines: [String] { state.withLock { $0 } }

    /// Calls `body` with a server that plays `script` on each connection, and with its port.
    static func run<Value>(
        _ script: [Step], host: String = "127.0.0.1", _ body: (ScriptedMailServer, Int) async throws -> Value
    ) async throws -> Value {
        let server = ScriptedMailServer()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptedMailHandler(script, server))
                }
            }
            .bind(host: host, port: 0).get()
        do {
            let value = try await body(server, channel.localAddress?.port ?? 0)
            try await channel.close().get()
            return value
        } catch {
            try? await channel.close().get()
            throw error
        }
    }

    fileprivate func told(_ line: String) {
        state.withLock { $0.append(line) }
        eventSource.yield(.line(line))
    }

    fileprivate func hanging() { eventSource.yield(.hanging) }
    fileprivate func disconnected() { eventSource.yield(.disconnected) }
}

private final class ScriptedMailHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var script: ArraySlice<ScriptedMailServer.Step>
    private let server: ScriptedMailServer
    private var bytes: [UInt8] = []

    init(_ script: [ScriptedMailServer.Step], _ server: ScriptedMailServer) {
        self.script = script[...]
        self.server = server
    }

    func channelActive(context: ChannelHandlerContext) { advance(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
        advance(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { advance(context) }

    func channelInactive(context: ChannelHandlerContext) { server.disconnected() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func advance(_ context: ChannelHandlerContext) {
        while context.channel.isActive, let step = script.first {
            switch step {
            case .say(let text): say(text, context)
            case .flood(let text):
                guard context.channel.isWritable else { return }
                say(text, context)
                continue
            case .line:
                guard let line = take(until: "\r\n") else { return }
                server.told(line)
            case .content:
                guard let content = take(until: "\r\n.\r\n") else { return }
                server.told(content)
            case .anything:
                guard !bytes.isEmpty else { return }
                bytes = []
            case .hang: server.hanging()
            case .hangUp: context.close(promise: nil)
            }
            script.removeFirst()
        }
    }

    private func say(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    private func take(until end: String) -> String? {
        guard let range = bytes.firstRange(of: Array(end.utf8)) else { return nil }
        defer { bytes.removeFirst(range.upperBound) }
        return String(decoding: bytes[..<range.lowerBound], as: UTF8.self)
    }
}

extension [ScriptedMailServer.Step] {
    /// A server that takes a message, with some replies in place of the usual ones.
    static func session(
        greeting: String = "220 mail.test ESMTP\r\n", hello: String = "250-mail.test\r\n250 SIZE 100000\r\n",
        sender: String = "250 2.1.0 ok\r\n", recipient: String = "250 2.1.5 ok\r\n", data: String = "354 go on\r\n",
        end: [ScriptedMailServer.Step] = [.say("250 2.0.0 queued\r\n"), .line, .say("221 bye\r\n"), .hangUp]
    ) -> [ScriptedMailServer.Step] {
        [
            .say(greeting), .line, .say(hello), .line, .say(sender), .line, .say(recipient), .line, .say(data),
            .content,
        ] + end
    }
}
