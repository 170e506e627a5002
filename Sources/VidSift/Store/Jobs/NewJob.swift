package import Database

/// A job that is to be written down.
package struct NewJob: Sendable, Hashable {
    package var kind: JobKind
    package var version: Int
    package var subject: String
    /// JSON.
    package var payload: String
    package var requester: String
    package var priority: JobPriority
    /// How long from now it may begin at the earliest.
    package var delay: Duration
    package var maximumAttempts: Int
    package var parentID: JobID?

    package init(
        kind: JobKind, version: Int, subject: String, payload: String, requester: String = "",
        priority: JobPriority = .normal, delay: Duration = .zero, maximumAttempts: Int = Self.usualAttempts,
        parentID: JobID? = nil
    ) {
        self.kind = kind
        self.version = version
        self.subject = subject
        self.payload = payload
        self.requester = requester
        self.priority = priority
        self.delay = delay
        self.maximumAttempts = maximumAttempts
        self.parentID = parentID
    }

    /// Passing failures after which a job is given up: with the usual back-off about a day of them.
    package static let usualAttempts = 150
    /// The most bytes of a payload: what is larger has a table of its own.
    package static let maximumPayloadBytes = 64 << 10
    /// The most bytes of a subject: it is part of an index.
    package static let maximumSubjectBytes = 1_000
}

/// What became of a job that was to be written down.
package enum Enqueued: Sendable, Hashable {
    case added(JobID)
    /// There is one of this kind for this subject that has not ended.
    case alreadyThere(JobID)

    package var id: JobID {
        switch self {
        case .added(let id), .alreadyThere(let id): id
        }
    }

    package var isNew: Bool {
        if case .added = self { true } else { false }
    }
}

extension NewJob {
    /// Writes the job down in the caller's transaction; it can be claimed once that has committed.
    ///
    /// - Throws: `PayloadTooLarge`, `DatabaseError`.
    package func enqueue(on tx: some SQLRunner) async throws -> Enqueued {
        try check()
        while true {
            let id = JobID()
            if try await tx.execute(Self.insertion(row(id, turn: round.turn))) > 0 {
                if let parentID { try await Job.countChildren(1, of: parentID, on: tx) }
                return .added(id)
            }
            // It may have ended since: then there is room now.
            let known = try await tx.value(
                "SELECT id FROM jobs WHERE kind = \(kind) AND subject = \(subject)", as: JobID.self)
            if let known { return .alreadyThere(known) }
        }
    }

    /// Writes many jobs down; those that are there already are passed over.
    ///
    /// - Returns: how many were new.
    /// - Throws: `PayloadTooLarge`, `DatabaseError`.
    @discardableResult
    package static func enqueue(_ jobs: [NewJob], on tx: some SQLRunner) async throws -> Int {
        for job in jobs { try job.check() }
        var total = 0
        for (round, members) in Dictionary(grouping: jobs, by: \.round) {
            let first = try await tx.value("SELECT \(round.turn)", as: Int.self) ?? 0
            var added = 0
            var rest = members[...]
            while !rest.isEmpty {
                let rows = rest.prefix(rest.count >= largestInsertion ? largestInsertion : 1)
                rest = rest.dropFirst(rows.count)
                added += try await tx.execute(insertion(rows, turn: round.requester.isEmpty ? first : first + added))
            }
            if let parent = round.parentID, added > 0 { try await Job.countChildren(added, of: parent, on: tx) }
            total += added
        }
        return total
    }

    private func check() throws {
        guard payload.utf8.count <= Self.maximumPayloadBytes else {
            throw PayloadTooLarge(kind: kind, bytes: payload.utf8.count)
        }
        guard subject.utf8.count <= Self.maximumSubjectBytes else {
            throw SubjectTooLong(kind: kind, bytes: subject.utf8.count)
        }
    }

    /// The rows of one statement when there are many to insert.
    private static let largestInsertion = 64

    /// - Parameter turn: of the first; the others of a requester follow.
    private static func insertion(_ jobs: ArraySlice<NewJob>, turn: Int) -> SQL {
        var rows: SQL = ""
        for (index, job) in jobs.enumerated() {
            let comma: SQL = index == 0 ? "" : ", "
            rows = "\(rows)\(comma)\(job.row(JobID(), turn: "\(turn + (job.requester.isEmpty ? 0 : index))"))"
        }
        return insertion(rows)
    }

    private static func insertion(_ rows: SQL) -> SQL {
        """
        INSERT INTO jobs (id, kind, version, subject, payload, requester, priority, turn, state, run_at,
            max_attempts, parent_id, created_at, updated_at)
        VALUES \(rows) ON CONFLICT (kind, subject) DO NOTHING
        """
    }

    private func row(_ id: JobID, turn: SQL) -> SQL {
        let state: JobState = delay > .zero ? .scheduled : .pending
        return """
            (\(id), \(kind), \(version), \(subject), \(payload), \(requester), \(priority), \(turn), \(state),
                seconds_from_now(\(delay / .seconds(1))), \(maximumAttempts), \(parentID), now(), now())
            """
    }

    /// Those that stand in one line, one after the other.
    fileprivate struct Round: Hashable {
        var kind: JobKind
        var priority: JobPriority
        var requester: String
        var parentID: JobID?
    }

    private var round: Round {
        Round(kind: kind, priority: priority, requester: requester, parentID: parentID)
    }
}

extension NewJob.Round {
    /// The turn is that of start-time fair queuing (Goyal, Vin, Cheng 1996): a requester's next job stands behind his
    /// last one, but never behind what is claimed next.
    fileprivate var turn: SQL {
        guard !requester.isEmpty else { return Self.lowestTurn(kind, priority) }
        return """
            (SELECT max(turn) FROM (
                SELECT \(Self.lowestTurn(kind, priority)) AS turn
                UNION ALL SELECT max(turn) + 1 FROM jobs WHERE kind = \(kind) AND priority = \(priority)
                    AND requester = \(requester) AND requester <> '' AND state IN ('pending', 'scheduled')) AS turns)
            """
    }

    /// That of the job that is claimed next.
    private static func lowestTurn(_ kind: JobKind, _ priority: JobPriority) -> SQL {
        """
        coalesce((SELECT turn FROM jobs WHERE kind = \(kind) AND state = 'pending' AND priority = \(priority)
            ORDER BY turn LIMIT 1), 0)
        """
    }
}

/// A payload that belongs into a table of its own.
package struct PayloadTooLarge: Error, CustomStringConvertible {
    package var kind: JobKind
    package var bytes: Int
    package var description: String {
        "A payload of \(kind.rawValue) has \(bytes) bytes; at most \(NewJob.maximumPayloadBytes) are stored."
    }
}

/// A subject that no index takes.
package struct SubjectTooLong: Error, CustomStringConvertible {
    package var kind: JobKind
    package var bytes: Int
    package var description: String {
        "A subject of \(kind.rawValue) has \(bytes) bytes; at most \(NewJob.maximumSubjectBytes) are stored."
    }
}

extension Job {
    /// Lets a job that waits begin at once, as if nothing had been tried yet.
    static func startOver(_ id: JobID, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            UPDATE jobs SET attempts = CASE WHEN state = 'running' THEN 1 ELSE 0 END, crashes = 0, updated_at = now(),
                state = CASE WHEN state = 'scheduled' THEN 'pending' ELSE state END
            WHERE id = \(id)
            """)
    }

    /// Lets a job that waits for its time begin at once; false when none of that id does.
    package static func hurry(_ id: JobID, on tx: some SQLRunner) async throws -> Bool {
        try await tx.execute(
            "UPDATE jobs SET state = 'pending', run_at = now(), updated_at = now() WHERE id = \(id) AND state = 'scheduled'"
        ) > 0
    }
}
