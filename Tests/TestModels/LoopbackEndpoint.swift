import NIOCore
package import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server on a loopback port that answers each request as a script says.
package final class LoopbackEndpoint: Sendable {
    /// What the server does with one request.
    package enum Answer: Sendable {
        /// A whole answer.
        case respond(Int, [(String, String)], [UInt8])
        /// A stream of events, step by step; its end is the end of the body.
        case stream([Step], contentType: String = "text/event-stream; charset=utf-8")
        /// Promises `bytes` and more, sends `bytes`, and hangs up.
        case cut([UInt8])
        /// Hangs up without an answer.
        case hangUp
        /// Never answers.
        case silence

        package static func json(_ status: Int, _ text: String, _ headers: [(String, String)] = []) -> Answer {
            .respond(status, [("content-type", "application/json")] + headers, Array(text.utf8))
        }

        /// A stream of events that is sent at once.
        package static func events(_ text: String) -> Answer { .stream([.send(text)]) }
    }

    /// A part of a stream.
    package enum Step: Sendable {
        case bytes([UInt8])
        /// Sends the same bytes again and again, as far as the other side takes them.
        case flood([UInt8], times: Int)
        /// Goes on when the gate is open.
        case wait(Gate)
        /// Sends nothing more, and keeps the connection.
        case hang
        /// Ends the connection without ending the body.
        case hangUp

        package static func send(_ text: String) -> Step { .bytes(Array(text.utf8)) }
    }

    /// One request as it came.
    package struct Request: Sendable {
        package var path: String
        package var headers: HTTPHeaders
        package var body: [UInt8]
        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// What a test can wait for.
    package enum Event: Sendable, Equatable {
        case request
        /// The client closed a connection.
        case disconnected
        /// A flood waits for the client to read.
        case stalled
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
        var open = 0
        var mostOpen = 0
        var flooded = 0
    }

    private let state = Mutex(State())
    private let answer: @Sendable (Request, Int) -> Answer
    package let events: AsyncStream<Event>
    private let eventSource: AsyncStream<Event>.Continuation

    /// Calls `body` with the address of a server that answers the n-th request (from 0) with `answer`.
    package static func run<Value>(
        _ answer: @escaping @Sendable (Request, Int) -> Answer,
        _ body: (LoopbackEndpoint, String) async throws -> Value
    ) async throws -> Value {
        let endpoint = LoopbackEndpoint(answer)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // Without its queue of requests, which would hide that the client has gone.
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try pipeline.addHandler(LoopbackHandler(endpoint))
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
        (events, eventSource) = AsyncStream.makeStream()
    }

    package var requests: [Request] { state.withLock(\.requests) }
    /// The connections that were made.
    package var connections: Int { state.withLock(\.connections) }
    /// The most requests that were being answered at the same time.
    package var mostOpen: Int { state.withLock(\.mostOpen) }
    /// The bytes of floods that went out.
    package var floodedBytes: Int { state.withLock(\.flooded) }

    func connected() { state.withLock { $0.connections += 1 } }

    func received(_ request: Request) -> Answer {
        let index = state.withLock { state in
            state.requests.append(request)
            state.open += 1
            state.mostOpen = max(state.mostOpen, state.open)
            return state.requests.count - 1
        }
        eventSource.yield(.request)
        return answer(request, index)
    }

    func answered() { state.withLock { $0.open -= 1 } }
    func disconnected() { eventSource.yield(.disconnected) }
    func stalled() { eventSource.yield(.stalled) }
    func flooded(_ bytes: Int) { state.withLock { $0.flooded += bytes } }
}

/// Holds a stream back until a test opens it.
package final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [@Sendable () -> Void])>((false, []))

    package init() {}

    package func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for body in waiting { body() }
    }

    func whenOpen(_ body: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiting.append(body) }
            return state.isOpen
        }
        if isOpen { body() }
    }
}
