import VidSift

/// The worker's tasks that claim, keep leases and watch the clock: the flow of `Shift`, one event after the other.
extension Simulation {
    func nudge(_ index: Int) {
        if workers[index].isWaiting { push(.wake, after: random.below(4), worker: index) }
    }

    func ring(_ index: Int) {
        workers[index].hasNews = true
        nudge(index)
    }

    func wake(_ index: Int) {
        guard workers[index].isWaiting, workers[index].isClaiming else { return leaveIfDone(index) }
        workers[index].isWaiting = false
        look(index)
    }

    private func look(_ index: Int) {
        guard !workers[index].board.isStopping else {
            workers[index].isClaiming = false
            return leaveIfDone(index)
        }
        if workers[index].hasNews { workers[index].claims.mayHaveNew() }
        workers[index].hasNews = false
        let instant = workers[index].instant(now)
        guard workers[index].claims.isLookDue(at: instant) else { return claim(index) }
        workers[index].claims.didLook(at: instant)
        guard queue.isAnyDue(of: workers[index].claims.kinds) else { return claim(index) }
        send(.look, index)
    }

    private func claim(_ index: Int) {
        let wanted = workers[index].claims.wanted(workers[index].board.freeSlots)
        guard !wanted.isEmpty else { return waitForNews(index) }
        send(.claim(wanted, askedAt: now), index)
    }

    private func waitForNews(_ index: Int) {
        workers[index].isWaiting = true
        push(.wake, after: Self.timing.poll.milliseconds, worker: index)
    }

    func looked(_ answer: Answer, _ index: Int) {
        guard case .done = answer else { return waitForNews(index) }
        workers[index].claims.mayHaveNew()
        claim(index)
    }

    func claimed(_ answer: Answer, _ wanted: [(kind: JobKind, limit: Int)], askedAt: Int, _ index: Int) {
        guard case .claimed(let found) = answer else { return waitForNews(index) }
        for (wanted, rows) in zip(wanted, found) {
            if rows.count < wanted.limit { workers[index].claims.isEmpty(wanted.kind) }
            for row in rows { start(row, askedAt: askedAt, index) }
        }
        guard workers[index].claims.hasMore(workers[index].board.freeSlots) else { return waitForNews(index) }
        look(index)
    }

    // MARK: - Heartbeat

    func beat(_ index: Int) {
        let asked = workers[index].board.renewable.sorted { $0.id < $1.id }
        send(.renew(asked, sentAt: now), index)
    }

    func renewed(_ answer: Answer, _ asked: [HeldJob], sentAt: Int, _ index: Int) {
        guard case .renewed(let rows) = answer else { return beatAgain(index) }
        // Those that are ending are passed over by the board; here only the simulation knows which.
        let ending = workers[index].handlers.values.filter { $0.isEnding || $0.isEnded }.map(\.claim)
        let others = asked.filter { !ending.contains($0) }
        if mutation != .boardKeepsLost {
            let sent = workers[index].instant(sentAt)
            obey(workers[index].board.renewed(others, rows.map(values.renewed), sentAt: sent), index)
        }
        let instant = workers[index].instant(now)
        workers[index].right.heartbeatSucceeded(at: instant)
        guard workers[index].right.mayRescue(at: instant) || mutation == .rescueWithoutRight else {
            return beatAgain(index)
        }
        send(.rescue(sentAt: now), index)
    }

    func rescued(_ answer: Answer, _ index: Int) {
        if case .rescued(let count) = answer, count > 0 { ring(index) }
        beatAgain(index)
    }

    private func beatAgain(_ index: Int) {
        push(.beat, after: Self.timing.heartbeat.milliseconds, worker: index)
    }

    // MARK: - Clock

    func watch(_ index: Int) {
        guard workers[index].watchAt.map({ $0 <= now }) ?? false else { return }
        workers[index].watchAt = nil
        if mutation != .boardKeepsLost { obey(workers[index].board.look(at: workers[index].instant(now)), index) }
        planWatch(index)
    }

    /// Where the watch has nothing to do it is not simulated: the next one is that at which something is due.
    func planWatch(_ index: Int) {
        let origin = workers[index].instant(0)
        let next = workers[index].board.entries.values.lazy
            .filter { $0.stop == nil }.map { min($0.leaseEnd, $0.deadline) }.min()
        guard let next else { return }
        let time = max(now + 1, (next - origin).milliseconds) + random.below(Self.watch)
        if let planned = workers[index].watchAt, planned <= time { return }
        workers[index].watchAt = time
        push(.watch, after: time - now, worker: index)
    }

    func obey(_ stops: [@Sendable () -> Void], _ index: Int) {
        for stop in stops { stop() }
        for number in workers[index].stops.take() { stop(number, index) }
    }

    private func stop(_ number: Int, _ index: Int) {
        guard let handler = workers[index].handlers[number], !handler.isStopped, !handler.isGone else { return }
        note("\(workers[index].name) stops \(handler.row.subject) #\(handler.row.fence)")
        workers[index].handlers[number]?.isStopped = true
        push(.abandon(number), after: Self.timing.abandon.milliseconds, worker: index)
        if !handler.ignoresCancel { push(.handlerStopped(number), after: random.between(1, 50), worker: index) }
    }
}
