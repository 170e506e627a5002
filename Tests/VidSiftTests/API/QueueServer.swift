import AsyncHTTPClient
import Database
import Foundation
import Hummingbird
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Synchronization
import TestDatabases
import Testing

@testable import VidSift

/// A server on which nobody works but the test, and which looks for changes often.
struct QueueServer: Sendable {
    let server: TestServer
    /// The streams that are open.
    let followers: OpenStreams

    var database: Database { server.components.database }

    static func run(
        _ variables: [String: String] = [:], engine: TestEngine = .sqlite, youtube: (any YouTubeSource)? = nil,
        maximumFollowers: Int = OpenStreams.usualMaximum,
        _ body: @escaping @Sendable (QueueServer) async throws -> Void
    ) async throws {
        let shared = SharedStreams()
        try await TestServer.run(
            on: try await TestLibrary(variables, engine: engine, youtubeSource: youtube),
            services: { components, onListening in
                let api = API(
                    database: components.database, ask: components.ask, runs: components.runs,
                    retriever: components.retriever,
                    ingest: components.ingest, recordings: components.recordings, youtube: components.youtube,
                    queue: components.queue,
                    cron: components.cron, embedder: components.embedder, allowedOrigins: [],
                    maximumUploadBytes: 1 << 20, streamTiming: StreamTiming(poll: .milliseconds(10)),
                    maximumFollowers: maximumFollowers,
                    logger: components.logger)
                shared.streams.withLock { $0 = api.followers }
                return [
                    Application(
                        router: api.router(), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
                        onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
                        logger: components.logger)
                ]
            }
        ) { server in
            let streams = try #require(shared.streams.withLock { $0 })
            try await body(QueueServer(server: server, followers: streams))
        }
    }

    private final class SharedStreams: Sendable {
        let streams = Mutex<OpenStreams?>(nil)
    }

    /// Adds captions whose index nobody makes.
    func accept(
        _ captions: String = Samples.bread, as name: String = "bread.en.vtt", channel: String? = nil
    ) async throws -> (video: VideoID, job: JobID) {
        let outcome = try await server.library.accept(
            captions, named: name, channel: channel.map(ChannelChoice.named) ?? .library)
        let job = try await Job.get(IndexVideoJob.kind, outcome.videoID.description, on: database)
        return (outcome.videoID, try #require(job).id)
    }

    /// Begins the next job as a worker does.
    func claim() async throws -> HeldJob {
        let claim = Job.claim(IndexVideoJob.kind, limit: 1, by: Claimant(worker: "test", lease: .seconds(600)))
        let job = try #require(try await database.rows(claim, as: Job.self).first)
        return HeldJob(id: job.id, worker: "test", fence: job.fence, parentID: nil)
    }

    /// Gives the next job up as a worker does.
    func fail(_ video: VideoID, because reason: String) async throws {
        let held = try await claim()
        try await database.transaction { tx in
            try await PendingIngest.bury(video, error: reason, since: nil, on: tx)
            _ = try await held.bury(error: reason, on: tx)
        }
    }

    func complete(_ held: HeldJob) async throws {
        _ = try await database.transaction { tx in try await held.complete(on: tx) }
    }

    func item(_ id: JobID) async throws -> [String: Any] {
        try #require(try await server.get("/api/queue/items/\(id)").json()["queueItem"] as? [String: Any])
    }

    func queueVideo(_ fields: String) async throws -> Answer {
        try await server.post("/api/queue/video", "{\(fields)}")
    }

    /// Reads a stream to its end, or until the closure has seen enough: then it leaves.
    func follow(_ path: String, _ goesOn: ([String: Any]) async throws -> Bool) async throws {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)\(path)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        #expect(response.status == .ok)
        #expect(response.headers.first(name: "content-type") == "text/event-stream")
        var received = ByteBuffer()
        var number = 0
        for try await piece in response.body {
            received.writeImmutableBuffer(piece)
            while let end = received.readableBytesView.firstRange(of: Array("\n\n".utf8)) {
                let frame = received.readString(length: end.upperBound - received.readerIndex) ?? ""
                if frame.hasPrefix(":") { continue }
                number += 1
                #expect(frame.hasPrefix("id: \(number)\ndata: "))
                let json = Data(frame.drop { $0 != "{" }.utf8)
                let event = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
                guard try await goesOn(event) else { return }
            }
        }
    }
}
