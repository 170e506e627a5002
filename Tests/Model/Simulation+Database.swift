import VidSift

/// The way to the database and back.
extension Simulation {
    func send(_ request: Request, _ index: Int) {
        var delay = random.between(1, 30)
        if !isCalm, random.isHit(lossPercent / 2) {
            delay += random.isHit(70) ? random.between(500, 4_000) : random.between(4_000, 9_000)
            workers[index].hasTrouble(until: now + delay)
        }
        if random.isHit(lossPercent) {
            // It never arrives; the worker learns of it later.
            workers[index].hasTrouble(until: now + 2_000)
            return push(.answer(request, .failed, epoch: epoch), after: random.between(50, 2_000), worker: index)
        }
        push(.arrival(request, epoch: epoch), after: delay, worker: index)
    }

    func arrive(_ request: Request, from index: Int, life: Int, epoch: Int) {
        let isSender = workers[index].life == life && workers[index].isAlive
        // What a process has sent may arrive after its end. A transaction ends with its connection.
        if !isSender, random.isHit(50) || request.isInTransaction { return }
        guard epoch == self.epoch else { return reply(.failed, to: request, index, life) }
        if stalledUntil > now || isLocked(request, index) {
            // What has piled up is worked off in any order.
            let wait = max(stalledUntil - now, 1) + random.below(random.isHit(30) ? 1_000 : 20)
            return pushAs(life, .arrival(request, epoch: epoch), after: wait, index)
        }
        guard isSender else {
            _ = apply(request, index, name: "w\(index).\(life)", handlers: [:])
            return
        }
        let answer = apply(request, index, name: workers[index].name, handlers: workers[index].handlers)
        if random.isHit(lossPercent) {
            note("an answer to \(workers[index].name) is lost")
            workers[index].hasTrouble(until: now + 2_000)
            if case .begin(let number) = request { unlock(number, index) }
            return push(.answer(request, .failed, epoch: epoch), after: random.between(50, 2_000), worker: index)
        }
        reply(answer, to: request, index, life)
    }

    private func reply(_ answer: Answer, to request: Request, _ index: Int, _ life: Int) {
        pushAs(life, .answer(request, answer, epoch: epoch), after: random.between(1, 20), index)
    }

    private func pushAs(_ life: Int, _ what: Event.What, after delay: Int, _ index: Int) {
        guard workers[index].life == life else { return }
        push(what, after: delay, worker: index)
    }

    /// Whether it must wait for the end of a transaction.
    private func isLocked(_ request: Request, _ index: Int) -> Bool {
        guard !locks.isEmpty else { return false }
        switch request {
        case .look, .claim, .renew, .rescue, .commit: return false
        case .begin(let number), .settle(let number, _):
            return workers[index].handlers[number].map { locks[$0.claim.id] != nil } ?? false
        case .complete(_, let claims): return claims.contains { locks[$0.id] != nil }
        }
    }

    func unlock(_ number: Int, _ index: Int) {
        locks = locks.filter { $0.value.handler != number || $0.value.worker != index }
    }

    // MARK: - Statements

    private func apply(
        _ request: Request, _ index: Int, name: String, handlers: [Int: SimulatedWorker.Handler]
    ) -> Answer {
        switch request {
        case .look:
            _ = change { queue throws(BrokenCheck) in queue.promoteDue() }
            return .done
        case .claim(let wanted, _):
            let rows = changeLightly { queue in
                wanted.map { queue.claim($0.kind, limit: $0.limit, by: name, lease: Self.lease) }
            }
            for row in rows.joined() { note("\(name) gets \(row.subject) #\(row.fence)") }
            return .claimed(rows)
        case .renew(let claims, _):
            let before = queue
            let locked = Set(locks.keys)
            let rows = changeLightly { $0.renew(claims.map(\.id), by: name, lease: Self.lease, skipping: locked) }
            ledger.checkRenewal(rows, by: name, before: before)
            return .renewed(rows)
        case .rescue(let sentAt): return rescue(name, sentAt: sentAt)
        case .begin(let number): return begin(number, index, handlers)
        case .commit(let number): return commit(number, index, handlers)
        case .settle(let number, let transition):
            guard let handler = handlers[number] else { return .failed }
            return .held(write(transition, handler))
        case .complete(_, let claims):
            let before = queue
            let count = change { queue throws(BrokenCheck) in queue.completeAll(claims) } ?? 0
            ledger.checkEnds(claims, count: count, before: before)
            return .done
        }
    }

    private func rescue(_ name: String, sentAt: Int) -> Answer {
        let locked = Set(locks.keys)
        guard let lost = change({ $0.rescue(.expired, by: name, skipping: locked) }) else { return .failed }
        for row in lost {
            note("\(name) rescues \(row.subject) of \(row.worker ?? "")")
            checkRescue(row, sentAt: sentAt)
        }
        return .rescued(lost.count)
    }

    /// No job is taken from a worker that is alive, has it in hand, and had no trouble of its own since it was
    /// renewed: a database that stalls proves nobody dead.
    private func checkRescue(_ row: ModelRow, sentAt: Int) {
        if let until = row.leaseUntil, until > now { ledger.violation = "a lease was taken that is not over" }
        // A rescue that the stall itself has held up is not prevented (yet): the fence makes it harmless.
        guard now - sentAt < Self.heldUp else { return }
        guard let owner = workers.first(where: { $0.name == row.worker }), owner.isAlive else { return }
        let claim = HeldJob(id: row.id, worker: owner.name, fence: row.fence, parentID: row.parentID)
        // The worker may think that it was renewed later: a row that its own transaction locks is passed over, and a
        // crash of the database forgets renewals.
        guard owner.board.entries[claim] != nil, let end = row.leaseUntil, owner.troubledAt < end - Self.lease else {
            return
        }
        ledger.violation = "\(row.subject) was taken from \(owner.name), which is alive"
    }

    private func begin(_ number: Int, _ index: Int, _ handlers: [Int: SimulatedWorker.Handler]) -> Answer {
        guard let handler = handlers[number] else { return .failed }
        guard mutation == .effectWithoutClaim || queue.isHeld(handler.claim) else { return .held(false) }
        locks[handler.claim.id] = Lock(worker: index, life: workers[index].life, handler: number)
        return .held(true)
    }

    private func commit(_ number: Int, _ index: Int, _ handlers: [Int: SimulatedWorker.Handler]) -> Answer {
        guard let handler = handlers[number], let lock = locks[handler.claim.id], lock.handler == number else {
            return .failed
        }
        unlock(number, index)
        let before = queue
        let isWritten = change { queue throws(BrokenCheck) in try handler.effect(on: &queue) }
        guard let isWritten else { return .failed }
        note("\(workers[index].name) commits \(handler.row.subject) #\(handler.row.fence)")
        ledger.checkWrite(handler.claim, before: before)
        return .held(isWritten)
    }

    private func write(_ transition: JobTransition, _ handler: SimulatedWorker.Handler) -> Bool {
        let before = queue
        let claim = handler.claim
        let isWritten = change { queue throws(BrokenCheck) in
            switch transition {
            case .complete: try queue.complete(claim)
            // Otherwise the worker undoes the transaction.
            case .cancel: queue.isHeld(claim) ? try queue.cancel(claim) : false
            case .bury(let reason): try queue.bury(claim, error: reason)
            case .letGo(let settlement): queue.letGo(claim, settlement)
            }
        }
        guard isWritten == true else { return false }
        ledger.checkWrite(claim, before: before)
        if case .bury = transition { ledger.checkBurial(claim, handler, before: before) }
        return true
    }
}

extension Request {
    var isInTransaction: Bool {
        switch self {
        case .begin, .commit, .settle: true
        case .look, .claim, .renew, .rescue, .complete: false
        }
    }
}
