import VidSift

extension ModelQueue {
    mutating func claim(_ kind: JobKind, limit: Int, by worker: String, lease: Int) -> [ModelRow] {
        let next = rows.indices
            .filter {
                rows[$0].kind == kind
                    && (rows[$0].state == .pending || (mutation == .claimTakesRunning && rows[$0].state == .running))
            }
            .sorted { Self.comesBefore(rows[$0], rows[$1]) }
            .prefix(limit)
        for index in next {
            rows[index].state = .running
            rows[index].worker = worker
            if mutation != .claimKeepsFence { rows[index].fence += 1 }
            if mutation != .claimForgetsAttempt { rows[index].attempts += 1 }
            rows[index].leaseUntil = now + lease
        }
        return next.map { rows[$0] }
    }

    private static func comesBefore(_ one: ModelRow, _ other: ModelRow) -> Bool {
        if one.priority != other.priority { return one.priority > other.priority }
        return (one.turn, one.runAt, one.id) < (other.turn, other.runAt, other.id)
    }

    mutating func promoteDue() {
        for index in rows.indices where rows[index].state == .scheduled && rows[index].runAt <= now {
            rows[index].state = .pending
        }
    }

    func isAnyDue(of kinds: [JobKind]) -> Bool {
        rows.contains {
            ($0.state == .pending && kinds.contains($0.kind)) || ($0.state == .scheduled && $0.runAt <= now)
        }
    }

    /// - Parameter skipping: rows that an open transaction has locked: they are held, but not renewed.
    /// - Returns: the rows that are still held.
    mutating func renew(
        _ ids: [JobID], by worker: String, lease: Int, skipping: Set<JobID> = []
    ) -> [ModelRow] {
        var held: [ModelRow] = []
        for index in rows.indices
        where rows[index].state == .running && ids.contains(rows[index].id)
            && (rows[index].worker == worker || mutation == .renewAnybody)
        {
            if !skipping.contains(rows[index].id) { rows[index].leaseUntil = now + lease }
            held.append(rows[index])
        }
        return held
    }

    /// Which leases are taken from their workers.
    enum Abandoned: Sendable {
        case expired
        case expiredLongAgo
        case heldByOthers(than: String)
    }

    /// - Parameter skipping: rows that an open transaction has locked.
    /// - Returns: the rows that were rescued, as they were before.
    mutating func rescue(
        _ abandoned: Abandoned, by rescuer: String, skipping: Set<JobID> = []
    ) -> [ModelRow] {
        let lost = rows.filter { row in
            guard row.state == .running, !skipping.contains(row.id) else { return false }
            switch abandoned {
            case .expired: return row.leaseUntil.map { $0 <= now } ?? false || mutation == .rescueUnexpired
            case .expiredLongAgo: return row.leaseUntil.map { $0 < now } ?? false
            case .heldByOthers(let worker): return row.worker != worker
            }
        }
        for row in lost {
            guard let index = index(row.id) else { continue }
            if mutation != .rescueForgetsAttempt { record(.lost, at: index) }
            rows[index].state = .pending
            rows[index].leaseUntil = nil
            rows[index].crashes += row.worker == rescuer ? 0 : 1
            rows[index].attempts -= row.worker == rescuer ? 0 : 1
            rows[index].worker = nil
            rows[index].lastError = "the worker fell silent"
            rows[index].runAt = now
        }
        return lost
    }
}
