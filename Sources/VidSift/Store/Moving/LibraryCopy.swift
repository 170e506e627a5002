internal import Database

/// Copies all rows of one library into another, whichever engine each is on.
///
/// Table by table, range by range, each range in a transaction of its own; ranges that are equal already are not
/// written again. So a copy that was interrupted goes on where it was, and one that is finished has nothing to do.
package struct LibraryCopy: Sendable {
    /// How far it has come.
    package struct Progress: Sendable {
        package enum Step: String, Sendable {
            case checking, copying, verifying
        }

        package var step: Step
        package var table: String
        package var rows: Int
        /// How many rows the table has.
        package var of: Int
    }

    /// One table, as it is on both sides at the end.
    package struct Outcome: Sendable {
        package var source: TableSummary
        package var target: TableSummary
        /// How many rows this run has written.
        package var written: Int

        package var isEqual: Bool { source == target }
    }

    let source: Database
    let target: Database
    /// The right to write into the target.
    let lock: ProcessingLock
    /// What the source must hold, table by table, where that is known.
    var expected: [TableSummary]?
    /// The name of the source's place, for errors.
    var sourceName = "the source"
    /// Called when nothing speaks against the copy, before anything is written.
    var onBegin: @Sendable () throws -> Void = {}
    var onProgress: @Sendable (Progress) -> Void = { _ in }

    /// Copies one state of the source: what is written there meanwhile is not part of it.
    ///
    /// - Throws: `MovingError`, `DatabaseError`, `CancellationError`.
    func run() async throws -> [Outcome] {
        let copied = try await source.read { source in
            guard try await !lock.isSeen(on: source) else { throw MovingError.sameLibrary }
            try await checkSource(source)
            let empty = try await checkTarget(source)
            try onBegin()
            var copied: [(TableSummary, written: Int)] = []
            for table in MovableTable.library {
                copied.append(try await copy(table, from: source, intoEmpty: empty.contains(table.name)))
            }
            return copied
        }
        let arrived = try await summaries(of: target, .verifying)
        return zip(copied, arrived).map { Outcome(source: $0.0, target: $1, written: $0.written) }
    }

    // MARK: - Before anything is written

    private func checkSource(_ source: Transaction) async throws {
        guard let expected else { return }
        var found: [TableSummary] = []
        for table in MovableTable.library { found.append(try await summary(of: table, on: source, .checking)) }
        let differing = found.filter { !expected.contains($0) }.map(\.name)
        guard differing.isEmpty, expected.count == found.count else {
            throw MovingError.alteredExport(sourceName, tables: differing.isEmpty ? ["the tables"] : differing)
        }
    }

    /// Refuses a target with rows of its own.
    ///
    /// - Returns: the tables that are empty.
    private func checkTarget(_ source: Transaction) async throws -> Set<String> {
        var foreign: [String: Int] = [:]
        var empty: Set<String> = []
        for table in MovableTable.library {
            var plan = RangePlan(table)
            var rows = 0
            while let range = try await plan.next(on: target) {
                let keys = try await table.keys(in: range, on: target)
                rows += keys.count
                guard table.surplus == .refused, !keys.isEmpty else { continue }
                let surplus = keys.subtracting(try await table.keys(in: range, on: source))
                if !surplus.isEmpty { foreign[table.name, default: 0] += surplus.count }
            }
            if rows == 0 { empty.insert(table.name) }
        }
        guard foreign.isEmpty else { throw MovingError.foreignRows(foreign) }
        return empty
    }

    // MARK: - One table

    private func copy(
        _ table: MovableTable, from source: Transaction, intoEmpty isEmpty: Bool
    ) async throws -> (TableSummary, written: Int) {
        let count = try await table.count(on: source)
        var sum = TableSum()
        var written = 0
        var next = try await Step(table).following(on: source)
        while let step = next, let range = step.range {
            // The next range is read while this one is written.
            async let following = step.following(on: source)
            written += try await store(step.rows, in: range, of: table, intoEmpty: isEmpty)
            sum.add(step.rows.lazy.map(\.mark))
            onProgress(Progress(step: .copying, table: table.name, rows: sum.rows, of: count))
            next = try await following
        }
        return (sum.summary(of: table), written)
    }

    /// A place on the way through a table, and the rows that were read there.
    private struct Step: Sendable {
        let table: MovableTable
        private var plan: RangePlan
        private(set) var range: KeyRange?
        private(set) var rows: [MovedRow] = []

        init(_ table: MovableTable) {
            self.table = table
            plan = RangePlan(table)
        }

        func following(on source: Transaction) async throws -> Step? {
            var step = self
            step.range = try await step.plan.next(on: source)
            guard let range = step.range else { return nil }
            step.rows = try await table.rows(in: range, on: source)
            return step
        }
    }

    private func store(
        _ rows: [MovedRow], in range: KeyRange, of table: MovableTable, intoEmpty isEmpty: Bool
    ) async throws -> Int {
        let present = isEmpty ? [] : try await table.marks(in: range, on: target)
        guard Set(present) != Set(rows.map(\.mark)) else { return 0 }
        let surplus = table.surplus == .removed ? try await surplus(rows, in: range, of: table) : []
        do {
            return try await target.transaction(attempts: 3) { tx in
                guard try await lock.isHeld(in: tx) else { throw MovingError.takenOver }
                let removed = try await table.remove(surplus, on: tx)
                return try await table.write(rows, over: present, on: tx) + removed
            }
        } catch let error as DatabaseError where !error.isRetryable {
            throw MovingError.failed(table: table.name, error)
        }
    }

    private func surplus(
        _ rows: [MovedRow], in range: KeyRange, of table: MovableTable
    ) async throws -> Set<[SQLValue]> {
        let places = table.keyPlaces
        let wanted = rows.map { row in places.map { row.values[$0] } }
        return try await table.keys(in: range, on: target).subtracting(wanted)
    }

    // MARK: - Adding up

    private func summaries(of database: Database, _ step: Progress.Step) async throws -> [TableSummary] {
        try await database.read { tx in
            var found: [TableSummary] = []
            for table in MovableTable.library { found.append(try await summary(of: table, on: tx, step)) }
            return found
        }
    }

    private func summary(
        of table: MovableTable, on tx: Transaction, _ step: Progress.Step
    ) async throws -> TableSummary {
        let count = try await table.count(on: tx)
        return try await table.summary(on: tx) { rows in
            onProgress(Progress(step: step, table: table.name, rows: rows, of: count))
        }
    }
}

extension ProcessingLock {
    /// Whether this very lock is to be seen in a database: then it is the one that the lock was taken in.
    fileprivate func isSeen(on db: some SQLRunner) async throws -> Bool {
        try await db.value(
            "SELECT count(*) FROM processing_locks WHERE name = \(name) AND holder = \(holder) AND fence = \(fence)",
            as: Int.self) != 0
    }

    /// Whether others work in the same database: they hold leases, or are workers that were seen of late.
    func isBesideOthers(on db: some SQLRunner) async throws -> Bool {
        if try await !WorkerPresence.alive(within: Self.lately, on: db).isEmpty { return true }
        return try await db.value(
            "SELECT count(*) FROM processing_locks WHERE expires_at > now() AND name <> \(name)", as: Int.self) != 0
    }

    private static var lately: Duration { .seconds(10) }
}
