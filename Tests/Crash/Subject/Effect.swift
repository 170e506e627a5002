internal import Database

/// What a job does to the world: a row, of which nothing but the queue keeps a second one away.
struct Effect: RowDecodable {
    var kind: String
    var subject: String
    var fence: Int
    var worker: String

    init(row: Row) throws {
        kind = try row.decode("kind")
        subject = try row.decode("subject")
        fence = try row.decode("fence")
        worker = try row.decode("worker")
    }
}

extension Effect {
    static func makeTable(on db: some SQLRunner) async throws {
        try await db.execute(
            """
            CREATE TABLE IF NOT EXISTS effects (
                kind TEXT NOT NULL, subject TEXT NOT NULL, fence BIGINT NOT NULL, worker TEXT NOT NULL)
            """)
    }

    static func insert(kind: String, subject: String, fence: Int, worker: String, on tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO effects (kind, subject, fence, worker)
            VALUES (\(kind), \(subject), \(fence), \(worker))
            """)
    }

    static func all(on db: some SQLRunner) async throws -> [Effect] {
        try await db.rows("SELECT kind, subject, fence, worker FROM effects")
    }
}
