internal import Hummingbird
internal import Logging
package import ServiceLifecycle

/// The server as a list of services: the list is the order of the start; the end goes through it backwards.
package func buildServices(
    _ components: Components, onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
) throws -> [any Service] {
    let settings = components.settings
    let api = API(
        database: components.database, ask: components.ask, retriever: components.retriever,
        ingest: components.ingest, progress: components.progress, embedder: components.embedder,
        allowedOrigins: settings.allowedOrigins, maximumUploadBytes: settings.maximumUploadBytes,
        logger: components.logger)
    let application = Application(
        router: api.router(),
        configuration: ApplicationConfiguration(
            address: .hostname(settings.host, port: settings.port), serverName: "VidSift"),
        onServerRunning: { channel in await onListening(channel.localAddress?.port ?? settings.port) },
        logger: components.logger)
    return [components.jobs, application]
}
