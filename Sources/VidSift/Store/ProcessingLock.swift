package import Database

/// A lease on one piece of work: until it expires nobody else does the same.
///
/// It is a row with a holder, an expiry by the database's clock, and a fence: a number that grows with each acquisition.
/// A holder that was suspended past its expiry finds the fence changed and may write nothing more.
package struct ProcessingLock: Sendable, Hashable {
    /// What is done, such as `move:library`.
    var name: String
    var holder: String
    package var fence: Int
    /// How often the lease on this name was taken from one who did not give it back.
    package var takeovers: Int
}

extension ProcessingLock {
    /// Takes the lock where it is free or has expired.
    ///
    /// - Parameter evenIfHeld: for one who knows by other means that whoever holds it is gone.
    /// - Returns: nil while somebody else holds it. A failure of the database is thrown: it is not "held".
    static func acquire(
        _ name: String, holder: String, for time: Duration, evenIfHeld: Bool = false, on db: some SQLRunner
    ) async throws -> ProcessingLock? {
        // A new name begins above every fence there is, so that a fence never falls, whatever was cleaned up.
        let taken = try await db.first(
            """
            INSERT INTO processing_locks (name, holder, fence, acquired_at, expires_at, released)
            VALUES (\(name), \(holder), (SELECT coalesce(max(fence), 0) + 1 FROM processing_locks), now(),
                seconds_from_now(\(time / .seconds(1))), \(false))
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, fence = processing_locks.fence + 1,
                acquired_at = excluded.acquired_at, expires_at = excluded.expires_at, released = \(false),
                takeovers = processing_locks.takeovers + CASE WHEN processing_locks.released THEN 0 ELSE 1 END
            WHERE processing_locks.expires_at <= now() OR \(evenIfHeld)
            RETURNING fence, takeovers
            """, as: Taken.self)
        return taken.map { ProcessingLock(name: name, holder: holder, fence: $0.fence, takeovers: $0.takeovers) }
    }

    private struct Taken: RowDecodable {
        let fence: Int
        let takeovers: Int

        init(row: Row) throws {
            fence = try row.decode("fence")
            takeovers = try row.decode("takeovers")
        }
    }

    private var isMine: SQL { "name = \(name) AND fence = \(fence) AND holder = \(holder)" }

    /// Puts the expiry off; false when somebody else has taken the lock meanwhile.
    func renew(for time: Duration, on db: some SQLRunner) async throws -> Bool {
        try await db.execute(
            "UPDATE processing_locks SET expires_at = seconds_from_now(\(time / .seconds(1))) WHERE \(isMine)") > 0
    }

    /// Whether it is still this holder's, and stays so until the transaction ends: to be asked first in the transaction
    /// that writes the result.
    package func isHeld(in tx: some SQLRunner) async throws -> Bool {
        try await tx.execute("UPDATE processing_locks SET holder = \(holder) WHERE \(isMine)") > 0
    }

    /// Gives it back. The row stays, so that the fence goes on growing.
    func release(on db: some SQLRunner) async throws {
        try await db.execute("UPDATE processing_locks SET expires_at = now(), released = \(true) WHERE \(isMine)")
    }

    /// Forgets locks that nobody has held for so long, except the one with the highest fence.
    package static func removeOld(olderThan age: Duration, on db: some SQLRunner) async throws -> Int {
        try await db.execute(
            """
            DELETE FROM processing_locks WHERE expires_at < seconds_from_now(\(-(age / .seconds(1))))
                AND fence < (SELECT max(fence) FROM processing_locks)
            """)
    }
}
