import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TestDatabases
import Testing

@testable import VidSift

@Suite("When the reader of a stream is slow or leaves", .timeLimit(.minutes(8)))
struct StreamEndTests {
    @Test(
        "a client that leaves and does not come back misses the answer, which is made", arguments: TestEngine.allCases)
    func leaves(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Self.longCaptions, as: "long.en.vtt")
            let session = try await server.newSession()
            let client = try await StalledClient.ask("gluten", in: session, of: server)
            try await client.waitForBytes()

            try await client.leave()

            let answer = try await server.storedAnswer(in: session)
            #expect(answer["state"] as? String == "complete")
        }
    }

    @Test(
        "a client that takes nothing is disconnected after the stall's time, and can have the rest later",
        arguments: TestEngine.allCases)
    func stalls(engine: TestEngine) async throws {
        let timing = StreamTiming(keepAlive: .seconds(15), maximumStall: .seconds(1))
        let log = LineLog()
        try await TestServer.run(engine: engine, services: { try Self.services($0, timing, log, $1) }) { server in
            try await server.add(Self.longCaptions, as: "long.en.vtt")
            let session = try await server.newSession()
            let client = try await StalledClient.ask("gluten", in: session, of: server)

            let answer = try await server.storedAnswer(in: session)
            try await eventually("the client is disconnected") {
                log.lines.contains { $0.contains("a reader that took nothing was disconnected") }
            }

            #expect(answer["state"] as? String == "complete")
            let received = try await client.readToTheEnd()
            #expect(!received.isEmpty && !received.suffix(Self.longestEnd).contains(#""type":"done""#))
            let run = try #require(answer["runId"] as? String)
            let whole = try await server.get("/api/chat/runs/\(run)/stream")
            #expect(try whole.events().last?["type"] as? String == "done")
        }
    }

    /// The characters at the end of a stream that the event of its end would lie in.
    private static let longestEnd = 4_096

    /// Passages of a size that no pair of socket buffers holds.
    private static let longCaptions: String = {
        let word = String(repeating: "hardly", count: 1_500)
        let cues = (0..<240).map { index in
            let start = index * 20
            func time(_ second: Int) -> String {
                String(format: "%02d:%02d:%02d.000", second / 3600, second / 60 % 60, second % 60)
            }
            let words = (0..<12).map { "\(word)\($0)" }.joined(separator: " ")
            return "\(time(start)) --> \(time(start + 18))\nThere is gluten here, \(words).\n"
        }
        return "WEBVTT\n\n" + cues.joined(separator: "\n")
    }()

    private static func services(
        _ components: Components, _ timing: StreamTiming, _ log: LineLog,
        _ onListening: @escaping @Sendable (Int) async -> Void
    ) throws -> [any Service] {
        let api = API(
            database: components.database, ask: components.ask, runs: components.runs, retriever: components.retriever,
            ingest: components.ingest, recordings: components.recordings, youtube: components.youtube,
            queue: components.queue, cron: components.cron,
            embedder: components.embedder, allowedOrigins: [], maximumUploadBytes: 1 << 20, streamTiming: timing,
            logger: components.logger)
        return [
            Application(
                router: api.router(), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
                onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
                logger: Logger(label: "test") { _ in LineLogHandler(log) })
        ]
    }
}

extension TestServer {
    func newSession() async throws -> String {
        let session = try await post("/api/chat/sessions", "{}").json()["session"] as? [String: Any]
        return try #require(session?["id"] as? String)
    }

    /// The answer of a session, once it is stored. Asks until it is: each try is a round trip.
    func storedAnswer(in session: String) async throws -> [String: Any] {
        while true {
            try Task.checkCancellation()
            let messages = try await get("/api/chat/sessions/\(session)/messages").list("messages")
            if let answer = messages.first(where: { $0["role"] as? String == "assistant" }) { return answer }
        }
    }
}

/// A client that sends its question and then reads nothing, with a receive buffer as small as can be.
private struct StalledClient {
    let channel: any NIOCore.Channel
    let inbox: Inbox

    /// Collects what arrives.
    final class Inbox: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let arrived: AsyncStream<ByteBuffer>
        private let arrivals: AsyncStream<ByteBuffer>.Continuation

        init() { (arrived, arrivals) = AsyncStream.makeStream() }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { arrivals.yield(Self.unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { arrivals.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    static func ask(_ question: String, in session: String, of server: TestServer) async throws -> StalledClient {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.so_rcvbuf), value: 4_096)
            .channelInitializer { $0.pipeline.addHandler(inbox) }
            .connect(host: "127.0.0.1", port: server.port).get()
        let body = #"{"messages":[{"role":"user","content":"\#(question)"}],"sessionId":"\#(session)"}"#
        let head = "POST /api/chat/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        try await channel.writeAndFlush(ByteBuffer(string: head + body))
        return StalledClient(channel: channel, inbox: inbox)
    }

    /// Takes the first bytes, so that the stream has begun.
    func waitForBytes() async throws {
        channel.read()
        var arrivals = inbox.arrived.makeAsyncIterator()
        _ = await arrivals.next()
    }

    func leave() async throws { try await channel.close() }

    func readToTheEnd() async throws -> String {
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
        var text = ""
        for await piece in inbox.arrived { text += String(buffer: piece) }
        return text
    }
}
