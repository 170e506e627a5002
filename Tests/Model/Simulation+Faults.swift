import VidSift

extension Simulation {
    func crash(_ index: Int) {
        note("\(workers[index].name) crashes")
        end(index)
        push(.restart, after: random.between(200, 4_000), worker: index)
    }

    func suspend(_ index: Int, for length: Int) {
        note("\(workers[index].name) is suspended for \(length)")
        workers[index].pausedUntil = now + length
        workers[index].hasTrouble(until: now + length)
    }

    private func end(_ index: Int) {
        workers[index].isAlive = false
        let life = workers[index].life
        locks = locks.filter { $0.value.worker != index || $0.value.life != life }
    }

    /// A worker that was told to stop has nothing more in hand.
    func leaveIfDone(_ index: Int) {
        guard workers[index].board.isStopping, workers[index].board.isEmpty, !workers[index].isClaiming,
            workers[index].isAlive
        else { return }
        note("\(workers[index].name) has stopped")
        end(index)
        push(.restart, after: random.between(500, 3_000), worker: index)
    }

    func restart(_ index: Int) {
        guard !workers[index].isAlive || (isCalm && workers[index].board.isStopping) else { return }
        end(index)
        workers[index] = newWorker(index, life: workers[index].life + 1)
        note("\(workers[index].name) starts")
        push(.wake, after: 0, worker: index)
        push(.beat, after: random.below(100), worker: index)
    }

    /// Claims and renewals do not wait for the disk: the last of them may be forgotten.
    func restartDatabase() {
        note("the database restarts")
        if random.isHit(70) {
            queue = durable
            queue.now = now
            ledger.forget(to: queue)
        }
        durable = queue
        durableAt = now
        epoch += 1
        locks = [:]
        stalledUntil = max(stalledUntil, now + random.between(50, 3_000))
    }

    func enqueue(_ job: Int) {
        var row = ModelRow(
            id: Self.ids[job], kind: Self.kinds[random.below(2)], subject: "s\(job)", runAt: now,
            maximumAttempts: random.between(1, 4))
        if random.isHit(50) { row.requester = "r\(random.below(2))" }
        row.priority = JobPriority.allCases[random.below(3)]
        let delay = random.isHit(20) ? random.between(100, 3_000) : 0
        note("enqueue \(row.subject)")
        ledger.expected += 1
        change { queue throws(BrokenCheck) in _ = try queue.enqueue(row, delay: delay) }
        for index in workers.indices where workers[index].isAlive && !random.isHit(10) { ring(index) }
    }

    func cancel(_ job: Int) {
        note("cancel s\(job)")
        change { queue throws(BrokenCheck) in _ = try queue.cancel(Self.ids[job]) }
    }

    /// A write that survives a crash of the database, and with it all before it.
    func change<T>(_ body: (inout ModelQueue) throws(BrokenCheck) -> T) -> T? {
        let before = queue
        do {
            let result = try body(&queue)
            settleDurably(before)
            return result
        } catch {
            queue = before
            ledger.violation = error.reason
            return nil
        }
    }

    private func settleDurably(_ before: ModelQueue) {
        ledger.look(at: queue, before: before)
        durable = queue
        durableAt = now
    }

    /// A write that a crash of the database may forget for a while.
    func changeLightly<T>(_ body: (inout ModelQueue) -> T) -> T {
        let before = queue
        if now - durableAt > 600 {
            durable = queue
            durableAt = now
        }
        let result = body(&queue)
        ledger.look(at: queue, before: before)
        return result
    }
}
