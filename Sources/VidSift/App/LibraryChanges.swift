internal import Database
internal import Logging
internal import ServiceLifecycle

/// Follows what other instances change: their notifications are a hint, looking is the safety net.
struct LibraryChanges: Service {
    /// How often the versions of the cached segments are compared: the longest that a cache stays behind by itself.
    static let interval = Duration.milliseconds(500)

    let database: Database
    let cache: SegmentCache
    let bell: JobBell
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await listen() }
                group.addTask { await look() }
            }
        }
    }

    private func listen() async {
        for await event in database.notifications(on: [Notice.scopes, Notice.jobs]) {
            switch event {
            case .connected:
                bell.announce()
                await follow()
            case .notified(Notice.jobs, _): bell.announce()
            case .notified: await follow()
            case .disconnected: break
            }
        }
    }

    private func look() async {
        while !Task.isCancelled {
            await follow()
            // Cancelled: then the loop ends.
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func follow() async {
        do {
            try await cache.follow()
        } catch is CancellationError {
            return
        } catch {
            logger.debug("changes could not be looked for", metadata: ["error": "\(error)"])
        }
    }
}

/// The channels on which the database tells of changes.
private enum Notice {
    /// The segments of a scope have changed.
    static let scopes = "vidsift_scopes"
    /// There is a new job.
    static let jobs = "vidsift_jobs"
}
