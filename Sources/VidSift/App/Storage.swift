package import Database
package import Logging
package import Providers

/// Where a library is kept.
package enum Storage: Sendable, Equatable {
    /// An SQLite file in this folder.
    case folder(String)
    /// A PostgreSQL database, which any number of instances share.
    case server(PostgresSettings)
}

/// How PostgreSQL is reached.
package struct PostgresSettings: Sendable, Equatable {
    /// `DATABASE_URL`, which may hold a password.
    package var url: Secret
    /// The most connections of one instance.
    package var connections: Int
    package var pooler: Pooler

    /// As many as a small server takes from several instances.
    package static let usualConnections = 10

    package init(url: Secret, connections: Int = usualConnections, pooler: Pooler = .automatic) {
        self.url = url
        self.connections = connections
        self.pooler = pooler
    }
}

extension Storage {
    /// The library's folder, where it is kept in one.
    package var folder: String? {
        if case .folder(let path) = self { path } else { nil }
    }

    /// Opens the database as it is.
    ///
    /// - Throws: `DataDirectoryError`, `DatabaseError`.
    package func open(logger: Logger, configuration: DatabaseConfiguration = .init()) async throws -> Database {
        switch self {
        case .folder(let path):
            return try await Database.sqlite(
                at: DataDirectory(path).databasePath, logger: logger, configuration: configuration)
        case .server(let settings):
            var configuration = configuration
            configuration.maximumReaders = max(1, settings.connections / 2)
            configuration.maximumWriters = max(1, settings.connections - configuration.maximumReaders)
            configuration.pooler = settings.pooler
            return try await Database.postgres(settings.url.value, logger: logger, configuration: configuration)
        }
    }

    /// Marks this process as the one server of the library, where there can be only one.
    ///
    /// - Throws: `DataDirectoryError` when another server has it.
    package func lockForServing() throws -> FileLock? {
        try folder.map { try DataDirectory($0).lockForServing() }
    }

    /// The lock file under which one process at a time builds indexes, where processes share a folder.
    var ingestLockPath: String? {
        get throws { try folder.map { try DataDirectory($0).ingestLockPath } }
    }
}
