import VidSift

/// The tables of the queue as values, with the operations that are SQL in the program. The conformance test keeps it
/// from being anything else.
struct ModelQueue: Sendable {
    var now = 0
    var rows: [ModelRow] = []
    var archive: [ModelEnd] = []
    var attempts: [ModelAttempt] = []
    /// What the jobs' own transactions have written, by job.
    var effects: [JobID: Int] = [:]
    /// Jobs that have written in a transaction of their own before their end: more than once, where they were repeated.
    var looseEffects: Set<JobID> = []
    var mutation: Mutation?

    func row(_ id: JobID) -> ModelRow? { rows.first { $0.id == id } }
    func index(_ id: JobID) -> Int? { rows.firstIndex { $0.id == id } }

    /// Where the row is that is held by the claim.
    func index(of claim: HeldJob, ignoringFence: Bool = false) -> Int? {
        guard let index = index(claim.id) else { return nil }
        if ignoringFence { return index }
        return rows[index].worker == claim.worker && rows[index].fence == claim.fence ? index : nil
    }

    func isHeld(_ claim: HeldJob) -> Bool { index(of: claim) != nil }

    // MARK: - New jobs

    /// - Returns: false when there is one of this kind for this subject.
    mutating func enqueue(_ new: ModelRow, delay: Int) throws(BrokenCheck) -> Bool {
        guard !rows.contains(where: { $0.kind == new.kind && $0.subject == new.subject }) else { return false }
        var row = new
        row.turn = turn(of: new)
        row.state = delay > 0 ? .scheduled : .pending
        row.runAt = now + delay
        rows.append(row)
        if let parent = new.parentID { try countChildren(1, of: parent) }
        return true
    }

    private func turn(of new: ModelRow) -> Int {
        let lowest = lowestTurn(new.kind, new.priority)
        guard !new.requester.isEmpty else { return lowest }
        let own = rows.lazy
            .filter { $0.kind == new.kind && $0.priority == new.priority && $0.requester == new.requester }
            .filter { $0.state == .pending || $0.state == .scheduled }
        return max(lowest, own.map { $0.turn + 1 }.max() ?? 0)
    }

    private func lowestTurn(_ kind: JobKind, _ priority: JobPriority) -> Int {
        rows.lazy.filter { $0.kind == kind && $0.priority == priority && $0.state == .pending }
            .map(\.turn).min() ?? 0
    }

    mutating func countChildren(_ change: Int, of parent: JobID) throws(BrokenCheck) {
        if mutation == .childNotCounted, change < 0 { return }
        guard let index = index(parent) else { return }
        let open = rows[index].openChildren + change
        guard open >= 0 else { throw BrokenCheck(reason: "open_children of \(parent) would be \(open)") }
        rows[index].openChildren = open
        if open == 0, rows[index].state == .waiting { rows[index].state = .pending }
    }

    // MARK: - Wishes of people

    mutating func cancel(_ id: JobID) throws(BrokenCheck) -> Cancelled {
        try cancelChildren(of: id)
        guard let index = index(id) else { return .nothing }
        if rows[index].state == .running {
            rows[index].isCancelRequested = true
            return .requested
        }
        try end(at: index, .cancelled, error: nil)
        return .cancelled
    }

    mutating func cancelChildren(of id: JobID) throws(BrokenCheck) {
        for child in rows.filter({ $0.parentID == id }).map(\.id).sorted() { _ = try cancel(child) }
    }

    mutating func hurry(_ id: JobID) -> Bool {
        guard let index = index(id), rows[index].state == .scheduled else { return false }
        rows[index].state = .pending
        rows[index].runAt = now
        return true
    }

    mutating func startOver(_ id: JobID) {
        guard let index = index(id) else { return }
        rows[index].attempts = rows[index].state == .running ? 1 : 0
        rows[index].crashes = 0
        if rows[index].state == .scheduled { rows[index].state = .pending }
    }

    mutating func redrive(_ id: JobID) throws(BrokenCheck) -> Bool {
        guard let place = archive.firstIndex(where: { $0.row.id == id }), archive[place].state != .completed,
            !rows.contains(where: { $0.kind == archive[place].row.kind && $0.subject == archive[place].row.subject })
        else { return false }
        let old = archive[place].row
        rows.append(
            ModelRow(
                id: id, kind: old.kind, subject: old.subject, requester: old.requester, priority: old.priority,
                turn: lowestTurn(old.kind, old.priority), runAt: now, maximumAttempts: old.maximumAttempts,
                fence: old.fence, lastError: old.lastError, parentID: old.parentID,
                openChildren: rows.count { $0.parentID == id }))
        archive.remove(at: place)
        if let parent = old.parentID { try countChildren(1, of: parent) }
        return true
    }
}
