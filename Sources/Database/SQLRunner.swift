/// Whatever can run SQL: the database, a transaction, a snapshot. The same SQL runs on each.
public protocol SQLRunner: Sendable {
    /// Runs one statement, with a result or without, and decodes at most `limit` rows of it.
    ///
    /// `decode` runs on the connection's own thread. `INSERT … RETURNING` and its like count as writes and run to
    /// their end, whatever the limit.
    /// - Throws: `DatabaseError`, what `decode` throws, `CancellationError`.
    func fetch<T: Sendable>(
        _ sql: SQL, limit: Int?, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> [T]

    /// Runs one statement and says how many rows it has changed.
    @discardableResult
    func execute(_ sql: SQL) async throws -> Int

    /// Runs several statements together, in one round trip to a server. Nothing of it happens when one fails.
    ///
    /// The closure gathers the statements and returns their results, which have a value when this returns.
    /// - Throws: `DatabaseError` of the first statement that fails, what decoding throws, `CancellationError`.
    func pipeline<Results>(_ gather: (Pipeline) throws -> Results) async throws -> Results

    /// Inserts rows in bulk, all or none, and says how many. Many rows cost far less than a statement for each.
    ///
    /// - Parameters:
    ///   - columns: the names of columns, in the order of each row's values.
    ///   - rows: they are asked for on the connection's own thread.
    /// - Throws: `DatabaseError`, `CancellationError`.
    @discardableResult
    func insert(
        into table: String, columns: [String], rows: some Sequence<[SQLValue]> & Sendable
    ) async throws -> Int
}

extension SQLRunner {
    /// All rows of the result.
    public func rows<R: RowDecodable>(_ sql: SQL, as type: R.Type = R.self) async throws -> [R] {
        try await fetch(sql, limit: nil) { try R(row: $0) }
    }

    /// The first row of the result, `nil` if there is none.
    public func first<R: RowDecodable>(_ sql: SQL, as type: R.Type = R.self) async throws -> R? {
        try await fetch(sql, limit: 1) { try R(row: $0) }.first
    }

    /// The first column of all rows.
    public func values<T: SQLDecodable>(_ sql: SQL, as type: T.Type = T.self) async throws -> [T] {
        try await fetch(sql, limit: nil) { try $0.decode(at: 0) }
    }

    /// The first column of the first row, `nil` if there is no row.
    public func value<T: SQLDecodable>(_ sql: SQL, as type: T.Type = T.self) async throws -> T? {
        try await fetch(sql, limit: 1) { try $0.decode(at: 0, as: T.self) }.first
    }
}
