import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Many who ask at the same time, each some questions one after the other, each on a connection of its own.
struct StreamClient: Sendable {
    /// No answer of the benchmark takes longer.
    private static let longestAnswer = TimeAmount.minutes(10)

    let host: String
    let port: Int
    let path: String
    /// The n-th request has the n-th of them, and then from the first on again.
    let bodies: [ByteBuffer]
    let streams: Int
    let rounds: Int
    /// How many tokens each answer should have.
    let tokens: Int
    /// The streams begin one after the other during this time.
    let ramp: TimeAmount

    func run() async throws -> [StreamRecord] {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let begin = NIODeadline.now() + .milliseconds(streams > 1 ? 500 : 0)
        let records = await withTaskGroup(of: [StreamRecord].self) { tasks in
            for stream in 0..<streams {
                let due = begin + .nanoseconds(ramp.nanoseconds * Int64(stream) / Int64(streams))
                tasks.addTask {
                    var records: [StreamRecord] = []
                    for round in 0..<rounds {
                        let body = bodies[(round * streams + stream) % bodies.count]
                        records.append(await ask(body, not: round == 0 ? due : .now(), on: group))
                    }
                    return records
                }
            }
            return await tasks.reduce(into: []) { $0 += $1 }
        }
        try await group.shutdownGracefully()
        return records
    }

    private func ask(
        _ body: ByteBuffer, not before: NIODeadline, on group: MultiThreadedEventLoopGroup
    ) async -> StreamRecord {
        let promise = group.next().makePromise(of: StreamRecord.self)
        let head = head(for: body)
        do {
            let channel = try await ClientBootstrap(group: promise.futureResult.eventLoop)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(StreamReader(tokens: tokens, promise: promise))
                    }
                }
                .connect(host: host, port: port).get()
            let asked = channel.eventLoop.scheduleTask(deadline: before) {
                let reader = try channel.pipeline.syncOperations.handler(type: StreamReader.self)
                let context = try channel.pipeline.syncOperations.context(handler: reader)
                reader.ask(head, body, deadline: .now() + Self.longestAnswer, on: context)
            }
            asked.futureResult.cascadeFailure(to: promise)
        } catch {
            promise.fail(error)
        }
        do {
            return try await promise.futureResult.get()
        } catch {
            var record = StreamRecord(tokens: tokens)
            record.end(.failed, complaint: Array("\(error)".utf8))
            return record
        }
    }

    private func head(for body: ByteBuffer) -> HTTPRequestHead {
        let headers: HTTPHeaders = [
            "host": "\(host):\(port)", "content-type": "application/json", "accept": "text/event-stream",
            "content-length": "\(body.readableBytes)", "authorization": "Bearer none",
        ]
        return HTTPRequestHead(version: .http1_1, method: .POST, uri: path, headers: headers)
    }
}
