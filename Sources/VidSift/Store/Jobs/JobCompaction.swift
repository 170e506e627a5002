package import Database

/// Keeps dead rows of the hot table bounded, also while somebody keeps an old snapshot open.
package enum JobCompaction {
    /// Dead rows that are left to vacuum.
    package static let mostDead = 20_000
    /// Rows that are alive, above which the table is left as it is.
    package static let mostAlive = 20_000

    /// - Returns: how many dead rows went. 0 where another transaction is in the way: the next time will do.
    package static func run(on database: Database) async throws -> Int {
        switch database.kind {
        case .sqlite: return 0  // Deleted rows leave room at once.
        case .postgres:
            do {
                return try await database.value(
                    "SELECT compact_jobs(\(mostDead), \(mostAlive))", as: Int.self) ?? 0
            } catch let error as DatabaseError where error.kind == .busy {
                return 0
            }
        }
    }
}
