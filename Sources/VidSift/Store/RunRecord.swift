package import Database
package import Foundation

/// One question and its answer, as the database knows it.
package struct RunRecord: Sendable, Hashable, Identifiable {
    package enum State: String, Sendable, Codable { case running, done, failed, stopped }

    package var id: RunID
    package var session: SessionID
    package var owner: String
    /// As it was asked.
    package var question: String
    package var state: State
    /// The process that makes it.
    package var holder: String
    /// Whether its holder has given no sign of life for a whole lease.
    package var isAbandoned: Bool
    /// Whether its events can still be there.
    package var hasEvents: Bool
    /// What the answer was made of, as JSON.
    package var receipt: String?
    package var createdAt: Date
    package var endedAt: Date?
}

extension RunRecord.State: SQLBindable, SQLDecodable {}

extension RunRecord: RowDecodable {
    package init(row: Row) throws {
        id = try row.decode("id")
        session = try row.decode("session_id")
        owner = try row.decode("owner")
        question = try row.decode("question")
        state = try row.decode("state")
        holder = try row.decode("holder")
        isAbandoned = try row.decode("is_abandoned")
        hasEvents = try row.decode("has_events")
        receipt = try row.decode("receipt")
        createdAt = try row.decode("created_at")
        endedAt = try row.decode("ended_at")
    }
}

/// A process that makes answers: its name, unlike that of any other, and how long it may be silent.
package struct RunHolder: Sendable, Hashable {
    package var name: String
    package var lease: Duration

    package init(name: String, lease: Duration) {
        self.name = name
        self.lease = lease
    }
}

/// A run is not this holder's any more: it was given up, or its session is gone.
package struct RunLost: Error, Sendable, CustomStringConvertible {
    package let description = "the run was ended by somebody else, or its session was deleted"

    package init() {}
}

extension RunRecord {
    private static let selection: SQL = """
        SELECT id, session_id, owner, question, state, holder, coalesce(lease_until <= now(), false) AS is_abandoned,
            has_events, receipt, created_at, ended_at FROM runs
        """

    /// Writes a run down, in the transaction that stores its question.
    package static func beginning(
        _ id: RunID, in session: SessionID, owner: String, question: String, by holder: RunHolder
    ) -> SQL {
        """
        INSERT INTO runs (id, session_id, owner, question, state, holder, lease_until, created_at)
        VALUES (\(id), \(session), \(owner), \(question), \(State.running), \(holder.name),
            seconds_from_now(\(holder.lease / .seconds(1))), now())
        """
    }

    /// The owner's run of that id; for anyone else it does not exist.
    package static func get(_ id: RunID, owner: String, on db: some SQLRunner) async throws -> RunRecord? {
        try await db.first("\(selection) WHERE id = \(id) AND owner = \(owner)", as: RunRecord.self)
    }

    /// The run of that id, whoever's it is.
    package static func get(_ id: RunID, on db: some SQLRunner) async throws -> RunRecord? {
        try await db.first(looking(for: id), as: RunRecord.self)
    }

    package static func looking(for id: RunID) -> SQL { "\(selection) WHERE id = \(id)" }
}

// MARK: - What others wish

extension RunRecord {
    /// Asks a run's holder to stop; false where it runs no more.
    package static func requestStop(_ id: RunID, on db: some SQLRunner) async throws -> Bool {
        try await db.execute("UPDATE runs SET stop_requested = true WHERE id = \(id) AND state = 'running'") > 0
    }

    /// Says that somebody reads the run on another instance than its holder's, and will for so long.
    package static func follow(_ id: RunID, for time: Duration, on db: some SQLRunner) async throws {
        try await db.execute(
            """
            UPDATE runs SET followed_until = seconds_from_now(\(time / .seconds(1)))
            WHERE id = \(id) AND state = 'running'
            """)
    }
}

// MARK: - What its holder does

/// A run as its holder sees it at a heartbeat.
package struct RenewedRun: Sendable, Hashable, RowDecodable {
    package var id: RunID
    package var isStopRequested: Bool
    /// Whether somebody reads it on another instance.
    package var isFollowedElsewhere: Bool

    package init(row: Row) throws {
        id = try row.decode("id")
        isStopRequested = try row.decode("stop_requested")
        isFollowedElsewhere = try row.decode("is_followed")
    }
}

extension RunRecord {
    /// Puts off the end of all leases of a holder. Rows that others have locked are not passed over: that would be those
    /// whose events are being stored, too.
    package static func renewal(by holder: RunHolder) -> SQL {
        """
        UPDATE runs SET lease_until = seconds_from_now(\(holder.lease / .seconds(1)))
        WHERE \(held(by: holder.name))
        """
    }

    /// The runs that are still a holder's. What is not in the answer is lost.
    package static func stillHeld(by holder: RunHolder) -> SQL {
        """
        SELECT id, stop_requested, coalesce(followed_until > now(), false) AS is_followed FROM runs
        WHERE \(held(by: holder.name))
        """
    }

    /// All that runs is few, so the index of that is gone through.
    private static func held(by holder: String) -> SQL {
        "state = 'running' AND lease_until IS NOT NULL AND holder = \(holder)"
    }

    /// Of the runs that are still a holder's, the number of the last event; 0 where there is none.
    package static func lastEvents(
        among ids: [RunID], by holder: RunHolder, on db: some SQLRunner
    ) async throws -> [RunID: Int] {
        let held = try await db.rows(
            """
            SELECT id, (SELECT coalesce(max(number), 0) FROM run_events WHERE run_id = id) AS last_event
            FROM runs WHERE id IN \(list: ids) AND state = 'running' AND holder = \(holder.name)
            """, as: HeldRun.self)
        return Dictionary(held.map { ($0.id, $0.lastEvent) }, uniquingKeysWith: { first, _ in first })
    }
}

private struct HeldRun: RowDecodable {
    var id: RunID
    var lastEvent: Int

    init(row: Row) throws {
        id = try row.decode("id")
        lastEvent = try row.decode("last_event")
    }
}

// MARK: - Its end

extension RunRecord {
    /// Who may end a run.
    package enum Right: Sendable {
        /// Its holder.
        case holder(RunHolder)
        /// Anyone, once the lease is over.
        case abandoned

        fileprivate var condition: SQL {
            switch self {
            case .holder(let holder): "holder = \(holder.name)"
            case .abandoned: "lease_until <= now()"
            }
        }
    }

    /// Ends a run in the caller's transaction, which stores the answer as well. The session's row comes first, as it
    /// does for whoever deletes it.
    ///
    /// - Throws: `RunLost` where it is not the caller's to end.
    package func close(
        as state: State, receipt: String?, right: Right, on tx: some SQLRunner
    ) async throws {
        try await Self.close(id, in: session, as: state, receipt: receipt, right: right, on: tx)
    }

    /// The same, where no more is known of it.
    package static func close(
        _ id: RunID, in session: SessionID, as state: State, receipt: String?, right: Right, on tx: some SQLRunner
    ) async throws {
        let isEnded = try await tx.pipeline {
            $0.execute("UPDATE chat_sessions SET updated_at = now() WHERE id = \(session)")
            return $0.execute(
                """
                UPDATE runs SET state = \(state), lease_until = NULL, ended_at = now(), receipt = \(receipt)
                WHERE id = \(id) AND state = 'running' AND \(right.condition)
                """)
        }
        guard try isEnded.value > 0 else { throw RunLost() }
    }

    /// Runs whose holder was silent for a lease and this much longer.
    package static func abandoned(
        longerThan time: Duration, limit: Int, on db: some SQLRunner
    ) async throws -> [RunID] {
        try await db.values(
            """
            SELECT id FROM runs WHERE state = 'running' AND lease_until <= seconds_from_now(\(-(time / .seconds(1))))
            ORDER BY lease_until LIMIT \(limit)
            """, as: RunID.self)
    }
}

/// What instances tell each other of runs, where the database passes it on. Each is a hint: looking is the safety net.
package enum RunNotice {
    /// A run has new events; with its id.
    package static let events = "vidsift_run_events"
    /// Somebody wants something of a run's holder; with its id.
    package static let wishes = "vidsift_run_wishes"

    package static func sending(_ id: RunID, on channel: String) -> SQL {
        "SELECT pg_notify(\(channel), \(id))"
    }
}
