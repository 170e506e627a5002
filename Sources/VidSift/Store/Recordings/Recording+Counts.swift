internal import Database

extension Recording {
    /// How many were given up and not added again. Only these and those that wait have a row, so it reads them all.
    static func countFailed(on db: some SQLRunner) async throws -> Int {
        try await db.value("SELECT count(*) FROM recordings WHERE stage = \(Stage.failed)", as: Int.self) ?? 0
    }
}
