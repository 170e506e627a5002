internal import Database
internal import Logging
internal import VidSift

/// Has this process do some kinds of work while it waits for their results: those that a command is about, and nothing
/// that others have left.
struct WorkingHere: Sendable {
    private static let pauseAfterFailure = Duration.seconds(1)

    private let worker: Worker
    private let logger: Logger

    init(_ library: Components, on kinds: [JobKind]) throws {
        worker = Worker(
            database: library.database, bindings: kinds.compactMap { library.worker.bindings[$0] }, bell: library.bell,
            lockPath: try library.settings.storage.folder.map { try DataDirectory($0).ingestLockPath },
            timing: library.worker.timing, logger: library.logger)
        logger = library.logger
    }

    /// Works while the closure runs.
    func during<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keepWorking() }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// Does what is due.
    func drain() async throws { try await worker.drain() }

    /// Works until cancelled: whoever waits for jobs must not wait for a worker that has ended.
    private func keepWorking() async throws {
        while true {
            do {
                return try await worker.run()
            } catch let error as CancellationError {
                throw error
            } catch {
                logger.error("work could not go on", metadata: ["error": "\(String(reflecting: error))"])
                try await Task.sleep(for: Self.pauseAfterFailure)
            }
        }
    }
}
