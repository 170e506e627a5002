import Database

@testable import VidSift
@testable import queue_model

/// What the two sides did differently.
struct Disagreement: Error {
    var operation: String
    var sql: String
    var model: String
}

extension ConformanceSequence {
    /// Does one operation on both sides.
    mutating func operate() async throws -> String {
        switch random.below(23) {
        case 0, 1, 2: return try await enqueue()
        case 3, 4, 5, 6: return try await claim()
        case 7: return try await renew()
        case 8: return try await complete()
        case 9: return try await completeAll()
        case 10, 11: return try await letGo()
        case 12: return try await bury()
        case 13: return try await cancelHeld()
        case 14: return try await cancel()
        case 15: return try await rescueExpired()
        case 16: return try await rescueOthers()
        case 17: return try await promote()
        case 18: return try await hurry()
        case 19: return try await startOver()
        case 20: return try await redrive()
        case 21: return try await rescueExpiredLongAgo()
        default:
            if random.isHit(30) { return try await isHeld() }
            try await advance(random.between(1, 6))
            return "advance"
        }
    }

    /// Runs the operation on both sides: both give the same, or both refuse.
    private mutating func both<T: Equatable & Sendable>(
        _ name: String, sql: @Sendable (Transaction) async throws -> T,
        model change: (inout ModelQueue) throws -> T
    ) async throws -> String {
        let before = model
        var expected: T?
        do { expected = try change(&model) } catch { model = before }
        var found: T?
        do {
            found = try await database.transaction(sql)
        } catch let error as DatabaseError where error.kind == .checkViolation {
            found = nil
        }
        guard found == expected else {
            throw Disagreement(operation: name, sql: "\(found as Any)", model: "\(expected as Any)")
        }
        return name
    }

    private mutating func anyID() -> JobID {
        let ids = (model.rows.map(\.id) + model.archive.map(\.row.id)).sorted()
        return ids.isEmpty ? JobID() : ids[random.below(ids.count)]
    }

    private mutating func anyWorker() -> String { Self.workers[random.below(Self.workers.count)] }

    private mutating func anyClaim() -> HeldJob {
        guard !claims.isEmpty else { return HeldJob(id: JobID(), worker: "nobody", fence: 1, parentID: nil) }
        // Mostly one of the last.
        let last = random.isHit(70) ? min(4, claims.count) : claims.count
        return claims[claims.count - 1 - random.below(last)]
    }

    private mutating func enqueue() async throws -> String {
        let parent = random.isHit(40) && !model.rows.isEmpty ? model.rows[random.below(model.rows.count)].id : nil
        let delay = random.isHit(25) ? random.between(1, 5) : 0
        let new = NewJob(
            kind: Self.kinds[random.below(2)], version: 1, subject: "s\(random.below(8))", payload: "{}",
            requester: ["", "r1", "r2"][random.below(3)], priority: JobPriority.allCases[random.below(3)],
            delay: Self.duration(delay), maximumAttempts: random.between(1, 4), parentID: parent)
        let result = try await database.transaction { try await new.enqueue(on: $0) }
        let row = ModelRow(
            id: result.id, kind: new.kind, subject: new.subject, requester: new.requester, priority: new.priority,
            runAt: 0, maximumAttempts: new.maximumAttempts, parentID: parent)
        let isNew = try model.enqueue(row, delay: delay)
        guard isNew == result.isNew else {
            throw Disagreement(operation: "enqueue", sql: "\(result.isNew)", model: "\(isNew)")
        }
        return "enqueue"
    }

    private mutating func claim() async throws -> String {
        let (kind, limit, worker) = (Self.kinds[random.below(2)], random.between(1, 3), anyWorker())
        let sql = Job.claim(kind, limit: limit, by: Claimant(worker: worker, lease: Self.duration(Self.lease)))
        let found = try await database.rows(sql, as: Job.self).sorted(by: Job.comesBefore)
        let expected = model.claim(kind, limit: limit, by: worker, lease: Self.lease)
        let claimed = found.map { HeldJob(id: $0.id, worker: worker, fence: $0.fence, parentID: $0.parentID) }
        let wanted = expected.map { HeldJob(id: $0.id, worker: worker, fence: $0.fence, parentID: $0.parentID) }
        guard claimed == wanted else {
            throw Disagreement(operation: "claim", sql: "\(claimed)", model: "\(wanted)")
        }
        claims += claimed
        return "claim"
    }

    private mutating func renew() async throws -> String {
        let worker = anyWorker()
        let ids = (0..<3).map { _ in anyClaim().id }
        let claimant = Claimant(worker: worker, lease: Self.duration(Self.lease))
        let sql = Job.renewal(of: ids, for: claimant)
        return try await both("renew") { tx in
            try await tx.execute(sql)
            let held = try await tx.rows(Job.stillHeld(ids, by: claimant), as: RenewedJob.self)
            return held.map { "\($0.id) \($0.fence) \($0.isCancelRequested)" }.sorted()
        } model: { model in
            let held = model.renew(ids, by: worker, lease: Self.lease)
            return held.map { "\($0.id) \($0.fence) \($0.isCancelRequested)" }.sorted()
        }
    }

    private mutating func isHeld() async throws -> String {
        let claim = anyClaim()
        return try await both("isHeld") {
            try await claim.isHeld(in: $0)
        } model: {
            $0.isHeld(claim)
        }
    }

    private mutating func complete() async throws -> String {
        let claim = anyClaim()
        return try await both("complete") {
            try await claim.complete(on: $0)
        } model: {
            try $0.complete(claim)
        }
    }

    private mutating func completeAll() async throws -> String {
        let batch = Array(Set((0..<3).map { _ in anyClaim() }.filter { $0.parentID == nil }))
        let found = try await HeldJob.complete(batch, archived: true, on: database)
        let expected = model.completeAll(batch)
        guard found == expected else {
            throw Disagreement(operation: "complete all", sql: "\(found)", model: "\(expected)")
        }
        return "complete all"
    }

    private mutating func letGo() async throws -> String {
        let claim = anyClaim()
        let settlement =
            switch random.below(5) {
            case 0: JobSettlement(outcome: .interrupted, next: .pending, countsAsAttempt: false)
            case 1:
                JobSettlement(
                    outcome: .failed, next: .scheduled, delay: Self.duration(random.between(1, 5)), error: "later",
                    countsAsAttempt: true)
            case 2:
                JobSettlement(outcome: .putOff, next: .pending, error: "not this version", countsAsAttempt: false)
            default: JobSettlement(outcome: .putOff, next: .whenChildrenEnd, countsAsAttempt: false)
            }
        var units = settlement
        units.delay = .milliseconds(Int(settlement.delay / Self.duration(1)))
        return try await both("let go") {
            try await claim.letGo(settlement, on: $0)
        } model: { model in
            model.letGo(claim, units)
        }
    }

    private mutating func bury() async throws -> String {
        let claim = anyClaim()
        return try await both("bury") {
            try await claim.bury(error: "no use", on: $0)
        } model: { model in
            try model.bury(claim, error: "no use")
        }
    }

    private mutating func cancelHeld() async throws -> String {
        let claim = anyClaim()
        return try await both("cancel held") {
            try await claim.cancel(on: $0)
        } model: {
            try $0.cancel(claim)
        }
    }

    private mutating func cancel() async throws -> String {
        let id = anyID()
        return try await both("cancel") {
            try await Job.cancel(id, on: $0)
        } model: {
            try $0.cancel(id)
        }
    }

    private mutating func rescueExpired() async throws -> String {
        try await rescue("rescue expired", .expired, .expired, by: anyWorker())
    }

    private mutating func rescueExpiredLongAgo() async throws -> String {
        try await rescue("rescue expired long ago", .expiredLongAgo, .expiredLongAgo, by: anyWorker())
    }

    private mutating func rescueOthers() async throws -> String {
        let worker = anyWorker()
        return try await rescue(
            "rescue others", .heldByOthers(than: worker), .heldByOthers(than: worker), by: worker)
    }

    private mutating func rescue(
        _ name: String, _ sql: Job.Abandoned, _ abandoned: ModelQueue.Abandoned, by worker: String
    ) async throws -> String {
        let expected = model.rescue(abandoned, by: worker).count
        let found = try await Job.rescue(sql, by: worker, on: database)
        guard found == expected else {
            throw Disagreement(operation: name, sql: "\(found)", model: "\(expected)")
        }
        return name
    }

    private mutating func promote() async throws -> String {
        try await both("promote") {
            try await Job.promoteDue(on: $0)
        } model: { model in
            let before = model.rows
            model.promoteDue()
            return zip(before, model.rows).count { $0 != $1 }
        }
    }

    private mutating func hurry() async throws -> String {
        let id = anyID()
        return try await both("hurry") {
            try await Job.hurry(id, on: $0)
        } model: {
            $0.hurry(id)
        }
    }

    private mutating func startOver() async throws -> String {
        let id = anyID()
        return try await both("start over") { tx in
            try await Job.startOver(id, on: tx)
            return true
        } model: { model in
            model.startOver(id)
            return true
        }
    }

    private mutating func redrive() async throws -> String {
        let id = anyID()
        return try await both("redrive") {
            try await ArchivedJob.redrive(id, on: $0)
        } model: {
            try $0.redrive(id)
        }
    }
}
