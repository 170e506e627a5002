extension Database {
    /// Waits for what is running, refuses what comes after, and closes all connections.
    ///
    /// - Throws: `DatabaseError` of kind `misuse` inside a transaction, which it would wait for.
    public func close() async throws {
        try refuseInsideTransaction("the database was closed")
        await readers.close()
        await writers.close()
    }

    /// Looks through the whole database for damage: an empty list if it is sound, else what was found.
    public func quickCheck() async throws -> [String] {
        guard let check = engine.dialect.quickCheck else { return [] }
        let findings = try await maintain(check, on: readers) { try $0.decode(at: 0, as: String.self) }
        return findings == ["ok"] ? [] : findings
    }

    /// The size of the database in bytes, without what is only in the log.
    public func size() async throws -> Int64 {
        try await maintain(engine.dialect.size, on: readers) { try $0.decode(at: 0, as: Int64.self) }.first ?? 0
    }

    /// The engine's name and version, for people.
    public func engineVersion() async throws -> String {
        try await maintain(engine.dialect.version, on: readers) { try $0.decode(at: 0, as: String.self) }.first ?? ""
    }

    /// Moves what is in the log into the database's file. It happens by itself from time to time, and at the end.
    public func checkpoint() async throws {
        try refuseInsideTransaction("a checkpoint was asked for")
        guard let checkpoint = engine.dialect.checkpoint else { return }
        _ = try await maintain(checkpoint, on: writers) { _ in }
    }

    private func maintain<T: Sendable>(
        _ sql: SQL, on pool: ConnectionPool, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> [T] {
        let options = RunOptions(
            wanted: nil, maximumRows: configuration.maximumRows, timeout: RunOptions.unlimited, isMaintenance: true)
        return try await pool.withConnection { try await $0.run(sql, options: options, decode: decode).rows }
    }
}
