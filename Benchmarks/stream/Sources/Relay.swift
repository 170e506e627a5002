import AsyncHTTPClient
import Foundation
import Hummingbird
import NIOCore
import NIOHTTP1

/// What VidSift's HTTP server and client do by themselves: each request is sent on to the model as it is, and each part of
/// the answer is written as it comes. Nothing is searched, cited or stored, so that no server on the two can need less.
struct Relay {
    let port: Int
    let upstream: String

    /// No prompt of the benchmark is longer.
    private static let maximumBody = 8 << 20
    private static let maximumConnections = 1_024
    private static let timeout = TimeAmount.hours(1)

    /// Serves until the process is ended.
    func run() async throws {
        let client = client()
        let router = Router()
        router.get("/v1/models") { _, _ in "{}" }
        router.post("/v1/chat/completions") { request, _ in
            var sent = HTTPClientRequest(url: upstream + "/v1/chat/completions")
            sent.method = .POST
            sent.headers.add(name: "content-type", value: "application/json")
            sent.body = .bytes(try await request.body.collect(upTo: Self.maximumBody))
            let answer = try await client.execute(sent, timeout: Self.timeout)
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream"],
                body: ResponseBody { writer in
                    for try await part in answer.body { try await writer.write(part) }
                    try await writer.finish(nil)
                })
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                FileHandle.standardOutput.write(Data("listening on \(channel.localAddress?.port ?? port)\n".utf8))
            })
        try await application.run()
        try await client.shutdown()
    }

    private func client() -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.maximumConnections
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
