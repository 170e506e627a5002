internal import ArgumentParser
internal import Foundation
internal import Logging
internal import VidSift

#if DEBUG
    @testable internal import Database
#else
    internal import Database
#endif

/// Where a subject's jobs are: a folder for SQLite, or the URL of a PostgreSQL database.
struct Place: ParsableArguments {
    @Option(name: .customLong("place"), help: "A folder, or the URL of a PostgreSQL database.")
    var name: String

    private var isServer: Bool { name.contains("://") }
    private var file: String { name + "/vidsift.sqlite" }

    /// The file that one working process locks; nil on a server.
    var lockPath: String? { isServer ? nil : name + "/ingest.lock" }

    /// Opens it as the program does.
    func open() async throws -> Database {
        let database =
            if isServer {
                try await Database.postgres(name, logger: .subject, configuration: configuration)
            } else {
                try await Database.sqlite(at: file, logger: .subject, configuration: configuration)
            }
        return database
    }

    /// Opens it with a point before and after each step.
    func open(counting points: Points) throws -> Database {
        #if DEBUG
            let engine: any Engine =
                if isServer {
                    try PostgresEngine(url: name, configuration: configuration, logger: .subject)
                } else {
                    SQLiteEngine(path: file, configuration: configuration)
                }
            return Database(
                engine: CountingEngine(real: engine, points: points), logger: .subject, configuration: configuration)
        #else
            throw ValidationError("points of SQL need a debug build: the seam is not open in others")
        #endif
    }

    private var configuration: DatabaseConfiguration { DatabaseConfiguration() }
}

/// Makes the tables of a place.
struct PrepareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "prepare", abstract: "Makes the tables of a place.")

    @OptionGroup var place: Place

    func run() async throws {
        let database = try await place.open()
        try await LibrarySchema.migrator(for: database).run(on: database)
        try await Effect.makeTable(on: database)
        try await database.close()
    }
}
