import Logging
import Synchronization

/// Collects what is logged.
final class LineLog: Sendable {
    private let stored = Mutex<[String]>([])
    var lines: [String] { stored.withLock { $0 } }
    func append(_ line: String) { stored.withLock { $0.append(line) } }
}

struct LineLogHandler: LogHandler {
    let log: LineLog
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    init(_ log: LineLog) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        log.append("\(event.level) \(event.message) \(event.metadata ?? [:])")
    }
}
