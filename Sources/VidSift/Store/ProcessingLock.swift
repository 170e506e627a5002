internal import Database

/// A lease on one piece of work: until it expires nobody else does the same.
///
/// It is a row with a holder, an expiry by the database's clock, and a fence: a number that grows with each acquisition.
/// A holder that was suspended past its expiry finds the fence changed and may write nothing more.
package struct ProcessingLock: Sendable, Hashable {
    /// What is done, such as `index_video:<id>`.
    var name: String
    var holder: String
    var fence: Int
}

extension ProcessingLock {
    /// Takes the lock where it is free or has expired.
    ///
    /// - Parameter evenIfHeld: for one who knows by other means that whoever holds it is gone.
    /// - Returns: nil while somebody else holds it. A failure of the database is thrown: it is not "held".
    static func acquire(
        _ name: String, holder: String, for time: Duration, evenIfHeld: Bool = false, on db: some SQLRunner
    ) async throws -> ProcessingLock? {
        let fence = try await db.value(
            """
            INSERT INTO processing_locks (name, holder, fence, acquired_at, expires_at)
            VALUES (\(name), \(holder), 1, now(), seconds_from_now(\(time / .seconds(1))))
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, fence = processing_locks.fence + 1,
                acquired_at = excluded.acquired_at, expires_at = excluded.expires_at
            WHERE processing_locks.expires_at <= now() OR \(evenIfHeld)
            RETURNING fence
            """, as: Int.self)
        return fence.map { ProcessingLock(name: name, holder: holder, fence: $0) }
    }

    /// Puts the expiry off; false when somebody else has taken the lock meanwhile.
    func renew(for time: Duration, on db: some SQLRunner) async throws -> Bool {
        try await db.execute(
            """
            UPDATE processing_locks SET expires_at = seconds_from_now(\(time / .seconds(1)))
            WHERE name = \(name) AND fence = \(fence)
            """) > 0
    }

    /// Whether it is still this holder's, and stays so until the transaction ends: to be asked first in the transaction
    /// that writes the result.
    func isHeld(in tx: some SQLRunner) async throws -> Bool {
        try await tx.execute(
            "UPDATE processing_locks SET holder = \(holder) WHERE name = \(name) AND fence = \(fence)") > 0
    }

    /// Gives it back. The row stays, so that the fence goes on growing.
    func release(on db: some SQLRunner) async throws {
        try await db.execute(
            "UPDATE processing_locks SET expires_at = now() WHERE name = \(name) AND fence = \(fence)")
    }
}
