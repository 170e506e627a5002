import VidSift

/// A job from its claim to its end: the flow of `Shift.perform` and `HandlerRun`.
extension Simulation {
    func start(_ row: ModelRow, askedAt: Int, _ index: Int) {
        let claim = HeldJob(id: row.id, worker: workers[index].name, fence: row.fence, parentID: row.parentID)
        let number = nextHandler()
        let handler = SimulatedWorker.Handler(
            row: row, claim: claim, running: values.running(row, claim), plan: plan(row),
            ignoresCancel: !isCalm && random.isHit(10), startedAt: now)
        let mayBegin = workers[index].board.begin(
            handler.running, askedAt: workers[index].instant(askedAt), now: workers[index].instant(now),
            timeLimit: Self.timeLimit)
        guard mayBegin || mutation == .sameClaimTwice else { return }
        checkStart(handler, index)
        workers[index].handlers[number] = handler
        planWatch(index)
        if let transition = endBeforeBeginning(handler, index) {
            workers[index].handlers[number]?.isGone = true
            workers[index].handlers[number]?.hasResult = true
            workers[index].board.handlerEnded(handler.running)
            return settle(number, transition, index)
        }
        run(number, claim, index)
    }

    private func endBeforeBeginning(_ handler: SimulatedWorker.Handler, _ index: Int) -> JobTransition? {
        if let transition = JobTransition.beforeAttempt(at: handler.running.job, policy: Self.policy) {
            return transition
        }
        return workers[index].board.entries[handler.claim]?.stop == .stopping ? .letGo(.givenBack) : nil
    }

    private func run(_ number: Int, _ claim: HeldJob, _ index: Int) {
        let stops = workers[index].stops
        if workers[index].board.canCancel(claim, { stops.add(number) }) { stops.add(number) }
        obey([], index)
        let isSlow = !isCalm && random.isHit(10)
        push(
            .handlerReady(number), after: isSlow ? random.between(4_000, 13_000) : random.between(5, 1_200),
            worker: index)
    }

    private func checkStart(_ handler: SimulatedWorker.Handler, _ index: Int) {
        let living = workers[index].handlers.values.filter { !$0.isGone }
        if living.contains(where: { $0.claim == handler.claim }) {
            ledger.violation =
                "\(handler.row.subject) runs twice in \(workers[index].name) under the claim #\(handler.row.fence)"
        }
        let places = Self.slots[handler.row.kind] ?? 0
        if living.count(where: { $0.row.kind == handler.row.kind }) >= places {
            ledger.violation = "\(workers[index].name) has more than \(places) handlers of a kind"
        }
    }

    private func plan(_ row: ModelRow) -> SimulatedWorker.Plan {
        let chance = isCalm ? 100 : random.below(100)
        switch chance {
        case 0..<12: return .retry
        case 12..<20: return .fail
        case 20..<28: return .nap
        case 28..<31: return .bury
        default: break
        }
        if row.parentID == nil, row.priority == .high { return .family }
        return random.isHit(60) ? .effectWithEnd : .effectThenDone
    }

    // MARK: - The handler's own work

    func handlerReady(_ number: Int, _ index: Int) {
        guard let handler = workers[index].handlers[number], !handler.isGone else { return }
        checkClock(handler, index)
        switch handler.plan {
        case .retry:
            handlerEnds(number, .success(.retry(after: nil, reason: "later")), index)
        case .fail: handlerEnds(number, .failure(HandlerFailure()), index)
        case .nap:
            handlerEnds(number, .success(.sleep(until: .after(.milliseconds(random.below(2_000))))), index)
        case .bury: handlerEnds(number, .success(.buried(reason: "no use")), index)
        case .effectWithEnd, .effectThenDone, .family:
            workers[index].handlers[number]?.isEnding = true
            send(.begin(handler: number), index)
        }
    }

    /// What has lost its lease by the worker's clock was told so.
    private func checkClock(_ handler: SimulatedWorker.Handler, _ index: Int) {
        let slack = Self.watch + 50
        let worker = workers[index]
        guard now - max(worker.pausedUntil ?? 0, handler.startedAt) > slack,
            let entry = worker.board.entries[handler.claim]
        else {
            return
        }
        if entry.stop == nil, entry.leaseEnd + .milliseconds(slack) < worker.instant(now) {
            ledger.violation = "\(handler.row.subject) goes on in \(worker.name), whose lease is over"
        }
    }

    func began(_ answer: Answer, _ number: Int, _ index: Int) {
        guard case .held(true) = answer else { return transactionFailed(number, answer, index) }
        push(.commit(number), after: random.isHit(10) ? random.between(100, 2_000) : 1, worker: index)
    }

    func committed(_ answer: Answer, _ number: Int, _ index: Int) {
        guard case .held(true) = answer, let handler = workers[index].handlers[number] else {
            return transactionFailed(number, answer, index)
        }
        workers[index].handlers[number]?.isEnding = false
        let isOpen = handler.plan == .effectThenDone || queue.isHeld(handler.claim)
        workers[index].handlers[number]?.isEnded = !isOpen
        let sleeps = handler.plan == .family && isOpen
        handlerEnds(number, .success(sleeps ? .sleep(until: .childrenEnded) : .done), index)
    }

    private func transactionFailed(_ number: Int, _ answer: Answer, _ index: Int) {
        // The connection is gone, and with it the transaction.
        unlock(number, index)
        workers[index].handlers[number]?.isEnding = false
        handlerEnds(number, .failure(HandlerFailure()), index)
    }

    func handlerEnds(_ number: Int, _ end: Result<JobOutcome, any Error>, _ index: Int) {
        guard let handler = workers[index].handlers[number], !handler.isGone, !handler.isEnding else { return }
        result(end, of: number, index)
        workers[index].handlers[number]?.isGone = true
        workers[index].board.handlerEnded(handler.running)
        if workers[index].board.entries[handler.claim] == nil { workers[index].handlers[number] = nil }
        nudge(index)
    }

    // MARK: - What the worker makes of it

    func result(_ result: Result<JobOutcome, any Error>, of number: Int, _ index: Int) {
        guard let handler = workers[index].handlers[number], !handler.hasResult else { return }
        workers[index].handlers[number]?.hasResult = true
        guard !handler.isEnded else { return settled([number], index) }
        let transition = JobTransition.of(
            result, stop: workers[index].board.entries[handler.claim]?.stop, job: handler.running.job,
            policy: Self.policy, chance: Double(random.below(1_000)) / 1_000)
        settle(number, transition ?? .letGo(.lost), index)
    }
}

/// What a handler throws.
struct HandlerFailure: Error {}

extension SimulatedWorker.Handler {
    /// What its transaction writes.
    func effect(on queue: inout ModelQueue) throws(BrokenCheck) -> Bool {
        switch plan {
        case .effectThenDone:
            queue.looseEffects.insert(claim.id)
            return true
        case .family where try !hasChildrenEnded(on: &queue): return true
        default:
            guard try queue.complete(claim) || queue.mutation == .effectWithoutClaim else { return false }
            queue.effects[claim.id, default: 0] += 1
            return true
        }
    }

    /// Writes the children down that are not there yet.
    private func hasChildrenEnded(on queue: inout ModelQueue) throws(BrokenCheck) -> Bool {
        guard let parent = Simulation.ids.firstIndex(of: claim.id) else { return true }
        let children = [Simulation.ids[16 + 2 * parent], Simulation.ids[17 + 2 * parent]]
        var haveEnded = true
        for (number, id) in children.enumerated() where !queue.archive.contains(where: { $0.row.id == id }) {
            haveEnded = false
            let child = ModelRow(
                id: id, kind: Simulation.kinds[number], subject: "\(row.subject).\(number)", runAt: queue.now,
                parentID: claim.id)
            _ = try queue.enqueue(child, delay: 0)
        }
        return haveEnded
    }
}
