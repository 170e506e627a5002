import VidSift

extension ModelQueue {
    mutating func complete(_ claim: HeldJob) throws(BrokenCheck) -> Bool {
        guard let index = index(of: claim, ignoringFence: mutation == .completeWithoutFence) else { return false }
        try end(at: index, .completed, error: nil)
        return true
    }

    /// Ends many at once; parents are not told.
    mutating func completeAll(_ claims: [HeldJob]) -> Int {
        claims.reduce(0) { count, claim in
            guard let index = index(of: claim, ignoringFence: mutation == .completeWithoutFence) else { return count }
            archive.append(ModelEnd(row: rows[index], state: .completed))
            rows.remove(at: index)
            return count + 1
        }
    }

    mutating func bury(_ claim: HeldJob, error: String) throws(BrokenCheck) -> Bool {
        guard let index = index(of: claim) else { return false }
        record(.buried, at: index)
        try end(at: index, .buried, error: error)
        return true
    }

    mutating func cancel(_ claim: HeldJob) throws(BrokenCheck) -> Bool {
        guard index(of: claim) != nil else { return false }
        try cancelChildren(of: claim.id)
        guard let index = index(of: claim) else { return false }
        record(.cancelled, at: index)
        try end(at: index, .cancelled, error: nil)
        return true
    }

    mutating func letGo(_ claim: HeldJob, _ settlement: JobSettlement) -> Bool {
        guard let index = index(of: claim, ignoringFence: mutation == .letGoWithoutFence) else { return false }
        if settlement.outcome != .putOff || settlement.error == nil { record(settlement.outcome, at: index) }
        switch rows[index].isCancelRequested ? .pending : settlement.next {
        case .pending: rows[index].state = .pending
        case .scheduled: rows[index].state = .scheduled
        case .whenChildrenEnd: rows[index].state = rows[index].openChildren > 0 ? .waiting : .pending
        }
        rows[index].worker = nil
        rows[index].leaseUntil = nil
        rows[index].runAt = now + settlement.delay.milliseconds
        if settlement.countsAsAttempt { rows[index].crashes = 0 }
        rows[index].attempts -= settlement.countsAsAttempt ? 0 : 1
        rows[index].lastError = settlement.error ?? rows[index].lastError
        return true
    }

    mutating func end(at index: Int, _ state: ArchivedJob.State, error: String?) throws(BrokenCheck) {
        var row = rows.remove(at: index)
        row.lastError = error ?? row.lastError
        archive.append(ModelEnd(row: row, state: state))
        if let parent = row.parentID { try countChildren(-1, of: parent) }
    }

    mutating func record(_ outcome: JobAttempt.Outcome, at index: Int) {
        let row = rows[index]
        guard row.state == .running else { return }
        attempts.append(
            ModelAttempt(job: row.id, fence: row.fence, worker: row.worker ?? "", outcome: outcome))
    }
}

extension Duration {
    var milliseconds: Int {
        Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
