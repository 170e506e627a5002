internal import Database
internal import Foundation
internal import Logging
internal import Providers

/// Where a library lies, as a person names it.
package struct LibraryPlace: Sendable {
    package var storage: Storage
    /// For people; never an address with a password in it.
    package var name: String

    /// A library that the settings name.
    package init(_ storage: Storage) {
        self.storage = storage
        name = storage.folder ?? "the PostgreSQL database"
    }

    /// - Parameters:
    ///   - text: a folder, the address of a PostgreSQL database, or `env:` and the name of a variable that holds one.
    ///   - environment: the variables that can be named.
    /// - Throws: `NoSuchPlace`.
    package init(_ text: String, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        guard text.hasPrefix("env:") else {
            self.init(Self.storage(text))
            return
        }
        let variable = String(text.dropFirst(4))
        guard Self.isVariable(variable) else { throw NoSuchPlace(variable: nil) }
        guard let value = environment[variable], !value.isEmpty else { throw NoSuchPlace(variable: variable) }
        self.init(Self.storage(value))
        name += " of \(variable)"
    }

    /// Whether the text is the address of a database rather than the name of a folder. In doubt it is: a mistyped
    /// address must not become a folder that shows a password. A folder with such a name can be called `./name`.
    package static func isAddress(_ text: String) -> Bool {
        // libpq knows URLs, and pairs such as `host=… dbname=…`.
        let name = text.drop { $0.isWhitespace }.prefix { $0.isLetter || $0 == "_" }
        let rest = text[name.endIndex...].drop { $0.isWhitespace }
        return text.contains("://") || !name.isEmpty && rest.hasPrefix("=")
            || name.hasPrefix("postgres") && rest.hasPrefix(":")
    }

    private static func storage(_ text: String) -> Storage {
        isAddress(text) ? .server(PostgresSettings(url: Secret(text), connections: connections)) : .folder(text)
    }

    private static func isVariable(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" }
    }

    /// A copy does one thing at a time.
    private static let connections = 4
    /// How long one statement may take: a range of rows makes the server derive others.
    private static let patience = Duration.seconds(600)

    /// Opens the library to read from it.
    ///
    /// - Throws: `MovingError` where there is none, or one of another schema; `DatabaseError`, `MigrationError`.
    func openSource(logger: Logger) async throws -> Database {
        if let folder = storage.folder {
            let isThere = FileManager.default.fileExists(atPath: DataDirectory.database(in: folder))
            guard isThere else { throw MovingError.noLibrary(name) }
        }
        let database = try await open(logger: logger)
        return try await database.closedOnFailure {
            let missing = try await LibrarySchema.migrator(for: database).pending(on: database)
            guard missing.isEmpty else { throw MovingError.oldSource(name, missing: missing) }
        }
    }

    /// Opens the library to write into it, with this program's schema; makes it where there is none.
    func openTarget(logger: Logger) async throws -> Database {
        let database = try await open(logger: logger)
        return try await database.closedOnFailure {
            try await LibrarySchema.migrator(for: database).run(on: database)
        }
    }

    private func open(logger: Logger) async throws -> Database {
        try await storage.open(
            logger: logger,
            configuration: DatabaseConfiguration(statementTimeout: Self.patience, slowTransaction: Self.patience))
    }
}

/// A variable that should name a library and is not set, or is none: then it is not repeated, it may be an address.
package struct NoSuchPlace: Error, CustomStringConvertible {
    package var variable: String?
    package var description: String {
        variable.map { "The environment variable \($0) is not set." }
            ?? "After env: comes the name of an environment variable."
    }
}

extension Database {
    /// Runs the closure and gives the database; closes it when the closure throws.
    fileprivate func closedOnFailure(_ body: () async throws -> Void) async throws -> Database {
        do {
            try await body()
            return self
        } catch {
            // What went wrong says more than a failure to close.
            try? await close()
            throw error
        }
    }
}
