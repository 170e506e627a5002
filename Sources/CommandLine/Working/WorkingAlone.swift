internal import Database
internal import Logging
internal import Providers
internal import ServiceLifecycle
internal import UnixSignals
internal import VidSift

/// Runs a worker without a server until a signal ends it.
struct WorkingAlone {
    let options: GlobalOptions

    func run() async throws {
        let settings = try await options.settings()
        let library = try await Components.build(settings, logger: .standardError(settings.logLevel))
        do {
            try announce(library)
            try await library.resumeWork()
            try await ServiceGroup(
                services: buildWorkerServices(library), gracefulShutdownSignals: [.sigint, .sigterm],
                logger: library.logger
            ).run()
        } catch {
            // What ended the work is what counts.
            try? await library.close()
            throw error
        }
        try await library.close()
    }

    private func announce(_ library: Components) throws {
        let slots = library.worker.bindings.values.map { ($0.kind.rawValue, $0.slots) }.sorted { $0.0 < $1.0 }
        let place = library.settings.storage.folder.map { "SQLite in \($0)" } ?? "PostgreSQL"
        let kinds = slots.map { "\($0.0) (\($0.1) at a time)" }.joined(separator: ", ")
        Output.note("working on \(kinds); \(place); Ctrl-C ends it")
        if let absence = library.embedder.absence { Output.note("indexing by words alone: \(absence)") }
        if try library.settings.storage.isWorkedElsewhere {
            Output.note("another process works in this folder: waiting")
        }
    }
}

extension Storage {
    /// Whether another process does the work of the library's folder, where only one can.
    var isWorkedElsewhere: Bool {
        get throws {
            guard let folder else { return false }
            guard let lock = try FileLock.acquire(DataDirectory(folder).ingestLockPath, waiting: false) else {
                return true
            }
            lock.release()
            return false
        }
    }
}
