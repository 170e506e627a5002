package import Database
package import Foundation

/// One run of the program that works, as others see it.
package struct WorkerPresence: Sendable, Hashable {
    package var id: WorkerID
    /// Where it runs: host and process.
    package var name: String
    /// How many jobs of each kind it does at a time.
    package var slots: [String: Int]
    package var startedAt: Date
    package var seenAt: Date
}

package typealias WorkerID = Identifier<WorkerPresence>

extension WorkerPresence: RowDecodable {
    package init(row: Row) throws {
        id = try row.decode("id")
        name = try row.decode("name")
        let stored: String = try row.decode("slots")
        slots = (try? JSONDecoder().decode([String: Int].self, from: Data(stored.utf8))) ?? [:]
        startedAt = try row.decode("started_at")
        seenAt = try row.decode("seen_at")
    }
}

extension WorkerPresence {
    /// Says that a worker lives.
    package static func sign(of id: WorkerID, name: String, slots: [JobKind: Int]) -> SQL {
        let named = slots.sorted { $0.key.rawValue < $1.key.rawValue }
        let json = "{" + named.map { #""\#($0.key.rawValue)":\#($0.value)"# }.joined(separator: ",") + "}"
        return """
            INSERT INTO workers (id, name, slots, started_at, seen_at) VALUES (\(id), \(name), \(json), now(), now())
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
            """
    }

    /// Says that a worker is gone.
    package static func remove(_ id: WorkerID, on db: some SQLRunner) async throws {
        try await db.execute("DELETE FROM workers WHERE id = \(id)")
    }

    /// Those that were seen within the time.
    package static func alive(within time: Duration, on db: some SQLRunner) async throws -> [WorkerPresence] {
        try await db.rows(
            """
            SELECT id, name, slots, started_at, seen_at FROM workers
            WHERE seen_at > seconds_from_now(\(-(time / .seconds(1)))) ORDER BY started_at, id
            """, as: WorkerPresence.self)
    }

    /// Forgets those that were not seen for so long.
    package static func removeOld(olderThan age: Duration, on db: some SQLRunner) async throws -> Int {
        try await db.execute("DELETE FROM workers WHERE seen_at < seconds_from_now(\(-(age / .seconds(1))))")
    }
}
