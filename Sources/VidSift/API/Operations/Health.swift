internal import Database
internal import Hummingbird
internal import Logging
internal import Providers

/// The version of the program and of its interface.
package enum Release {
    package static let version = "0.1.0"
}

extension API {
    /// `GET /health`, `GET /livez`: the process lives.
    func live(_ request: Request, _ context: APIContext) async throws -> Response {
        .json { json in
            json.field("status", "ok")
            json.field("version", Release.version)
        }
    }

    /// `GET /readyz`: whether questions can be answered, and what each part says.
    ///
    /// Without an embedding model it is ready: it answers by words alone.
    func ready(_ request: Request, _ context: APIContext) async throws -> Response {
        let storage = await storage(context.logger)
        return .json(status: storage.isReady ? .ok : .serviceUnavailable) { json in
            json.field("status", storage.isReady ? "ready" : "not_ready")
            json.key("checks")
            json.object { json in
                storage.write(to: &json)
                json.key("embedding")
                json.object { json in
                    json.field("status", embedder.identity == nil ? "words_only" : "ready")
                    json.field("model", embedder.identity?.name)
                    if let absence = embedder.absence { json.field("detail", absence) }
                }
                json.key("chat")
                json.object { json in
                    json.field("status", ask.chat.map { $0.isResting ? "resting" : "ready" } ?? "none")
                    json.field("model", ask.chat?.name)
                }
            }
        }
    }

    /// Looks at the database.
    private func storage(_ logger: Logger) async -> StorageStanding {
        do {
            let pending = try await LibrarySchema.migrator(for: database).pending(on: database)
            guard pending.isEmpty else { return .outdated(missing: pending) }
            return .ready(
                latest: LibrarySchema.latest(for: database), waiting: try await PendingIngest.count(on: database),
                queue: QueueHealth(
                    standing: try await QueueStanding.get(on: database), workers: try await liveWorkers()),
                youtube: try await YouTubeHealth.get(
                    dailyUnits: youtube.quota.dailyUnits, usesDataAPI: youtube.api != nil,
                    limits: youtube.fetcher.limits, on: database))
        } catch {
            logger.error("the database is not ready", metadata: ["error": "\(String(reflecting: error))"])
            return .failed
        }
    }
}

extension ChatModel {
    /// Whether it is left alone for a while, because it failed again and again.
    fileprivate var isResting: Bool {
        switch (self as? EndpointChatModel)?.standing {
        case .open, .halfOpen: true
        case .closed, nil: false
        }
    }
}

/// What `readyz` finds in the database.
private enum StorageStanding {
    /// With the last step of its schema, so many transcripts waiting for their index, the queue, and how YouTube is asked.
    case ready(latest: String?, waiting: Int, queue: QueueHealth, youtube: YouTubeHealth)
    case outdated(missing: [String])
    case failed

    var isReady: Bool {
        if case .ready = self { return true }
        return false
    }

    func write(to json: inout JSONWriter) {
        check("database", isReady: isKnown, detail: isKnown ? nil : "it can't be read", to: &json)
        switch self {
        case .ready(let latest, let waiting, let queue, let youtube):
            check("migrations", isReady: true, detail: latest, to: &json)
            json.key("ingest")
            json.object { json in
                json.field("status", "ready")
                json.field("waiting", waiting)
            }
            json.key("queue")
            json.object { queue.write(to: &$0) }
            // A pause keeps no question from being answered.
            json.key("youtube")
            json.object { youtube.write(to: &$0) }
        case .outdated(let missing):
            check("migrations", isReady: false, detail: missing.joined(separator: ", "), to: &json)
        case .failed: break
        }
    }

    private var isKnown: Bool {
        if case .failed = self { return false }
        return true
    }

    private func check(_ name: StaticString, isReady: Bool, detail: String?, to json: inout JSONWriter) {
        json.key(name)
        json.object { json in
            json.field("status", isReady ? "ready" : "not_ready")
            if let detail { json.field("detail", detail) }
        }
    }
}

/// What `readyz` says of the queue. A backlog, or nobody who works, keeps no question from being answered.
private struct QueueHealth {
    let standing: QueueStanding
    let workers: [WorkerPresence]

    /// Kinds of which something is to be done, and that nobody who works knows.
    private var unknownKinds: [String] {
        let known = Set(workers.flatMap(\.slots.keys))
        let open = standing.kinds.filter { _, counts in
            counts.scheduled + counts.pending + counts.running + counts.waiting > 0
        }
        return open.keys.map(\.rawValue).filter { !known.contains($0) }.sorted()
    }

    func write(to json: inout JSONWriter) {
        json.field("status", "ready")
        json.field("pending", standing.kinds.values.reduce(0) { $0 + $1.pending })
        json.field("oldestPendingSeconds", standing.oldestPendingAge / .seconds(1))
        json.field("workers", workers.count)
        if !unknownKinds.isEmpty {
            json.key("unknownKinds")
            json.array(unknownKinds) { $0.string($1) }
        }
    }
}
