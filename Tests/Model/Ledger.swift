import VidSift

/// What must hold whatever happens, seen from outside: it looks at the tables before and after each write.
struct Ledger {
    /// The first rule that was broken.
    var violation: String?
    /// Jobs that were accepted from outside.
    var expected = 0
    private var accepted: Set<JobID> = []

    /// The database has forgotten its last writes.
    mutating func forget(to queue: ModelQueue) {
        for id in accepted where queue.row(id) == nil && !queue.archive.contains(where: { $0.row.id == id }) {
            violation = "an accepted job is forgotten"
        }
    }

    mutating func look(at queue: ModelQueue, before: ModelQueue) {
        for row in queue.rows {
            accepted.insert(row.id)
            if let problem = Self.problem(row, queue, before) { violation = "\(row.subject): \(problem)" }
        }
        if queue.archive.count < before.archive.count { violation = "the archive has lost a job" }
    }

    private static func problem(_ row: ModelRow, _ queue: ModelQueue, _ before: ModelQueue) -> String? {
        if (row.state == .running) != (row.worker != nil) { return "running without a worker" }
        if (row.state == .running) != (row.leaseUntil != nil) { return "running without a lease" }
        if let old = before.row(row.id), row.fence < old.fence { return "the fence has fallen" }
        let recorded = queue.attempts.count { $0.job == row.id }
        if row.fence != recorded + (row.state == .running ? 1 : 0) {
            return "\(row.fence) claims, and \(recorded) attempts on record"
        }
        if row.attempts < 0 || row.attempts > row.fence { return "\(row.attempts) attempts" }
        let open = queue.rows.count { $0.parentID == row.id }
        if row.openChildren != open { return "\(open) children, and \(row.openChildren) counted" }
        if row.state == .waiting, open == 0 { return "it waits for nobody" }
        return nil
    }

    // MARK: - Writes about a claim

    /// A write about a claim was accepted: the row must have been that claim's.
    mutating func checkWrite(_ claim: HeldJob, before: ModelQueue) {
        guard let row = before.row(claim.id), row.state == .running, row.worker == claim.worker,
            row.fence == claim.fence
        else {
            violation = "a write of \(claim.worker) #\(claim.fence) was accepted, which does not have the job"
            return
        }
    }

    mutating func checkRenewal(_ rows: [ModelRow], by worker: String, before: ModelQueue) {
        for row in rows where before.row(row.id)?.worker != worker {
            violation = "\(worker) has renewed a lease of \(row.worker ?? "nobody")"
        }
    }

    mutating func checkEnds(_ claims: [HeldJob], count: Int, before: ModelQueue) {
        let held = claims.count { before.isHeld($0) }
        if held != count { violation = "\(count) ends were accepted, and \(held) were held" }
    }

    mutating func checkBurial(_ claim: HeldJob, _ handler: SimulatedWorker.Handler, before: ModelQueue) {
        guard let row = before.row(claim.id) else { return }
        if handler.plan == .bury || row.attempts >= row.maximumAttempts { return }
        if row.crashes >= Simulation.policy.maximumCrashes { return }
        violation = "\(row.subject) was given up after \(row.attempts) attempts and \(row.crashes) crashes"
    }

    // MARK: - At the end

    func atEnd(_ queue: ModelQueue) -> String? {
        for id in accepted.sorted() {
            let ends = queue.archive.filter { $0.row.id == id }
            guard let end = ends.first, ends.count == 1 else { return "a job has \(ends.count) ends" }
            if let problem = problem(end, queue) { return "\(end.row.subject), \(end.state): \(problem)" }
        }
        return nil
    }

    private func problem(_ end: ModelEnd, _ queue: ModelQueue) -> String? {
        let effects = queue.effects[end.row.id, default: 0]
        let recorded = queue.attempts.count { $0.job == end.row.id }
        if end.row.fence != recorded + (end.state == .completed ? 1 : 0) { return "an attempt is not on record" }
        switch end.state {
        case .completed where effects != 1 && !queue.looseEffects.contains(end.row.id): return "\(effects) effects"
        case .buried where effects != 0, .cancelled where effects != 0: return "\(effects) effects"
        case .completed, .buried, .cancelled: return nil
        }
    }
}
