public import Database
public import Foundation
internal import Logging

/// The place of a database: it can be opened several times, as several processes would.
public final class TestDatabase: Sendable {
    /// The folder of an SQLite file.
    public let folder: URL?
    /// The URL of a PostgreSQL database, as DATABASE_URL takes it.
    public let url: String?
    private let name: String

    private init(folder: URL?, url: String?, name: String) {
        self.folder = folder
        self.url = url
        self.name = name
    }

    deinit {
        // What stays behind goes with the temporary folder, or with the server.
        if let folder { try? FileManager.default.removeItem(at: folder) }
        if url != nil { TestServer.shared.discard(name) }
    }

    static func inFolder(_ template: DatabaseTemplate) async throws -> TestDatabase {
        let name = "database-\(UUID().uuidString)"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let place = TestDatabase(folder: folder, url: nil, name: name)
        let database = try await place.open()
        try await template.prepare(database)
        try await database.close()
        return place
    }

    static func onServer(_ name: String, url: String) -> TestDatabase {
        TestDatabase(folder: nil, url: url, name: name)
    }

    /// The file, where it is one.
    public var file: URL? { folder?.appendingPathComponent("vidsift.sqlite") }

    /// Opens a client of its own. Whoever opens it closes it.
    public func open(_ configuration: DatabaseConfiguration = .fast) async throws -> Database {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        if let url { return try await Database.postgres(url, logger: logger, configuration: configuration) }
        return try await Database.sqlite(at: file?.path ?? "", logger: logger, configuration: configuration)
    }
}

/// Runs the closure with a new folder, which is removed afterwards.
public func withTemporaryFolder<T>(_ body: (URL) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("database-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}
