internal import Logging

/// The notices of a database, one after the other, through lost connections.
///
/// Nothing runs between two calls of `next`: what is pending waits in the connection, and the newest are kept when a
/// slow reader lets too many come at once; it is then told to look at everything, as after a lost connection.
public struct DatabaseNotices: AsyncSequence, Sendable {
    let engine: any Engine
    let logger: Logger
    let channels: [String]

    /// Begins to listen at the first call of `next`.
    public func makeAsyncIterator() -> Iterator {
        Iterator(engine: engine, logger: logger, channels: channels)
    }

    /// One reader, with a connection of its own.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        /// The most notices that are kept for a slow reader.
        private static let maximumPending = 256

        let engine: any Engine
        let logger: Logger
        let channels: [String]
        private var connection: (any ListeningConnection)?
        private var pending: ArraySlice<DatabaseNotice> = []
        private var backOff = BackOff(first: .milliseconds(100), longest: .seconds(2))

        init(engine: any Engine, logger: Logger, channels: [String]) {
            self.engine = engine
            self.logger = logger
            self.channels = channels
        }

        /// The next notice; `nil` when the task is cancelled.
        public mutating func next() async -> DatabaseNotice? {
            while !Task.isCancelled {
                if let notice = pending.popFirst() { return notice }
                do {
                    try await receive()
                } catch {
                    await lose(because: error)
                }
            }
            await connection?.close()
            connection = nil
            return nil
        }

        /// Waits until something is pending.
        private mutating func receive() async throws {
            guard let connection else { return try await connect() }
            let received = try await connection.next()
            pending =
                received.suffix(Self.maximumPending).map { .notified(channel: $0.channel, payload: $0.payload) }[...]
            if received.count > Self.maximumPending { pending = [.disconnected, .connected] + pending }
        }

        private mutating func connect() async throws {
            guard let connection = try await engine.listen(on: channels) else { return await untilCancelled() }
            self.connection = connection
            backOff.reset()
            pending = [.connected]
        }

        /// Tells the reader once, then waits before the next attempt.
        private mutating func lose(because error: any Error) async {
            if Task.isCancelled { return }
            logger.info("not listening to the database for now", metadata: ["error": "\(error)"])
            if let lost = connection {
                connection = nil
                pending = [.disconnected]
                await lost.close()
            } else {
                // Cancelled: then `next` ends.
                try? await Task.sleep(for: backOff.nextPause())
            }
        }

        /// There is nothing to be told, ever.
        private func untilCancelled() async {
            let (silence, source) = AsyncStream.makeStream(of: Never.self)
            for await _ in silence {}
            source.finish()
        }
    }
}
