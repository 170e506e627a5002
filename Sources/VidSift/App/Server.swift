internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
package import ServiceLifecycle

/// The server as a list of services: the list is the order of the start; the end goes through it backwards.
///
/// - Parameter working: whether it does background work, too, or leaves that to others.
package func buildServices(
    _ components: Components, working: Bool = true,
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
) throws -> [any Service] {
    let settings = components.settings
    let api = API(
        database: components.database, ask: components.ask, runs: components.runs, retriever: components.retriever,
        ingest: components.ingest, recordings: components.recordings, youtube: components.youtube,
        queue: components.queue, cron: components.cron, embedder: components.embedder,
        allowedOrigins: settings.callingOrigins,
        maximumUploadBytes: settings.maximumUploadBytes, logger: components.logger)
    let application = Application(
        responder: OwnTask(responder: api.router().buildResponder()),
        server: .http1(configuration: .init(idleTimeout: ServerLimits.idle)),
        configuration: ApplicationConfiguration(
            address: .hostname(settings.host, port: settings.port), serverName: "VidSift",
            availableConnectionsDelegate: MaximumAvailableConnections(ServerLimits.connections)),
        onServerRunning: { channel in await onListening(channel.localAddress?.port ?? settings.port) },
        logger: components.logger)
    // Answers end before the application does, which waits until they are sent.
    return (working ? backgroundServices(components) : []) + [components.changes, application, components.runs]
}

/// A worker without the server, as a list of services.
package func buildWorkerServices(_ components: Components) -> [any Service] {
    backgroundServices(components) + [components.changes]
}

private func backgroundServices(_ components: Components) -> [any Service] {
    [components.worker, components.cron]
}

/// What one server takes on.
enum ServerLimits {
    /// Connections at a time; further ones wait in the kernel's queue.
    static let connections = 1_024
    /// A connection that neither sends a request nor waits for an answer is closed after this long.
    static let idle = TimeAmount.seconds(60)
}
