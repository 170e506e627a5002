internal import ArgumentParser
internal import Foundation
internal import Logging
internal import NIOCore
internal import Providers
internal import ServiceLifecycle
internal import UnixSignals
internal import VidSift

/// `vidsift serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the HTTP API, on this machine only.")

    /// What one process does.
    enum Role: String, ExpressibleByArgument, CaseIterable {
        /// Serves; others work.
        case web
        /// Works without serving.
        case worker
        case all
    }

    @Option(help: "The address to listen on: 127.0.0.1, ::1 or localhost.")
    var host: String?

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port: Int?

    @Option(help: "web serves and leaves background work to others, worker is `vidsift work`, all does both.")
    var role = Role.all

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        if role == .worker { return try await WorkingAlone(options: options).run() }
        let settings = try await options.settings(host: host, port: port)
        let lock = try settings.storage.lockForServing()
        defer { lock?.release() }
        let library = try await Components.build(settings, logger: .standardError(settings.logLevel))
        if let absence = library.embedder.absence {
            Output.note("searching by words alone: \(absence)")
        } else {
            Output.note("searching by words and meaning (\(library.embedder.segmentModel))")
        }
        if role == .all { try await library.resumeWork() }
        let services = try buildServices(library, working: role == .all) { port in
            announce(host: settings.host, port: port)
        }
        do {
            try await ServiceGroup(
                services: services, gracefulShutdownSignals: [.sigint, .sigterm], logger: library.logger
            ).run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw PortTaken(port: settings.port)
        }
        try await library.close()
    }

    private func announce(host: String, port: Int) {
        let address = "http://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host):\(port)"
        // A server goes on when nobody reads what it says at its start.
        try? options.json
            ? Output.document { json in json.object { $0.field("address", address) } }
            : Output.line("Serving on \(address) (Ctrl-C ends it)")
    }
}

/// Another program listens where the server should.
struct PortTaken: Error, CustomStringConvertible {
    var port: Int
    var description: String {
        "port \(port) is in use by another program: choose another with --port, or end that program"
    }
}
