internal import Database

/// Counts the changes of a scope's segments, so that a cache knows when it is stale.
enum ScopeVersion {
    /// The version of a scope: of a channel's id, or of '' for the videos without a channel.
    static func of(_ scope: String, on db: some SQLRunner) async throws -> Int {
        try await db.value("SELECT version FROM scope_versions WHERE scope = \(scope)", as: Int.self) ?? 0
    }

    /// The versions of several scopes; one that was never changed is left out.
    static func of(_ scopes: [String], on db: some SQLRunner) async throws -> [String: Int] {
        let rows = try await db.rows(
            "SELECT scope, version FROM scope_versions WHERE scope IN \(list: scopes)", as: Entry.self)
        return Dictionary(rows.map { ($0.scope, $0.version) }, uniquingKeysWith: max)
    }

    /// Says that the segments of the channel (nil: of the videos without one) have changed.
    static func bump(_ channel: ChannelID?, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            INSERT INTO scope_versions (scope, version) VALUES (\(channel?.description ?? ""), 1)
            ON CONFLICT (scope) DO UPDATE SET version = scope_versions.version + 1
            """)
    }

    private struct Entry: RowDecodable {
        let scope: String
        let version: Int

        init(row: Row) throws {
            scope = try row.decode("scope")
            version = try row.decode("version")
        }
    }
}
