import Hummingbird
import ServiceLifecycle
import TestDatabases

@testable import VidSift

extension TestServer {
    /// Runs a server whose answers are made by a script.
    static func run(
        engine: TestEngine, making produce: @escaping RunHost.Produce,
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let services: MakeServices = { components, onListening in
            let runs = RunHost(
                database: components.database, holder: components.ask.holder,
                pageBase: components.settings.publicURL, logger: components.logger, produce: produce)
            let api = API(
                database: components.database, ask: components.ask, runs: runs, retriever: components.retriever,
                ingest: components.ingest, recordings: components.recordings, youtube: components.youtube,
                queue: components.queue, cron: components.cron,
                embedder: components.embedder, allowedOrigins: [], maximumUploadBytes: 1 << 20,
                logger: components.logger)
            let application = Application(
                router: api.router(), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
                onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
                logger: components.logger)
            return [runs, application]
        }
        try await run(engine: engine, services: services, body)
    }
}

extension SampleAnswer {
    /// Makes the sample answer, as one to the run.
    static func make(_ run: Ask.Run, _ emit: (AnswerEvent) async throws -> Void) async throws {
        try await emit(.session(run.session, run: run.id, question: run.question))
        for numbered in events.dropFirst() { try await emit(numbered.event) }
    }
}
