internal import Logging
internal import Synchronization

/// Opens connections to a PostgreSQL server, or to a pooler before one.
final class PostgresEngine: Engine {
    private let server: PostgresConnectionParameters
    private let configuration: DatabaseConfiguration
    private let logger: Logger
    /// What stands before the server, once that is known.
    private let pooler: Mutex<Pooler>

    /// - Throws: `DatabaseError` of kind `cannotOpen` for a URL that can't be understood; it never quotes the URL.
    init(url: String, configuration: DatabaseConfiguration, logger: Logger) throws {
        server = try PostgresConnectionParameters(url, connectTimeout: configuration.connectTimeout)
        self.configuration = configuration
        self.logger = logger
        let isKnown = configuration.pooler != .automatic
        pooler = Mutex(!isKnown && server.isBehindPooler ? .transaction : configuration.pooler)
        if !server.ignored.isEmpty {
            logger.notice(
                "parameters of the database's URL have no effect here",
                metadata: ["parameters": "\(server.ignored.joined(separator: ", "))"])
        }
    }

    var dialect: Dialect { .postgres }
    var maximumWriters: Int { configuration.maximumWriters }

    func connect(_ access: Access) async throws -> any Connection {
        let known = pooler.withLock { $0 }
        let connection = try await open(access, known)
        guard known == .automatic else { return connection }
        let isBehindPooler = try await connection.isBehindPooler()
        pooler.withLock { $0 = isBehindPooler ? .transaction : .none }
        guard isBehindPooler else { return connection }
        logger.info("a pooler stands before the database: statements are not prepared by name")
        await connection.close()
        return try await open(access, .transaction)
    }

    func listen(on channels: [String]) async throws -> (any ListeningConnection)? {
        // Finds out whether there is a pooler, if nobody has yet.
        if pooler.withLock({ $0 == .automatic }) { await (try connect(.read)).close() }
        if pooler.withLock({ $0 == .transaction }) { return nil }
        return try await PostgresListener(server, channels: channels)
    }

    private func open(_ access: Access, _ pooler: Pooler) async throws -> PostgresConnection {
        try await PostgresConnection(
            server, access: access, dialect: dialect,
            cachedStatements: pooler == .transaction ? 0 : configuration.cachedStatements)
    }
}
