/// What a database tells those who listen.
public enum DatabaseNotice: Sendable, Hashable {
    /// From now on nothing is missed; what came before may have been: look at everything.
    case connected
    /// Somebody has notified a channel.
    case notified(channel: String, payload: String)
    /// Until the next `connected` everything is missed.
    case disconnected
}

extension Database {
    /// Listens on channels for as long as the sequence is read, and connects again after a connection was lost.
    ///
    /// A notice is a hint: it can come late, and an engine without notifications, or a transaction pooler, gives none
    /// at all; so look yourself from time to time, and at each `connected`. It ends when the task is cancelled.
    public func notifications(on channels: [String]) -> DatabaseNotices {
        DatabaseNotices(engine: engine, logger: logger, channels: channels)
    }
}
