import VidSift

/// How ends are written down: the flow of `Shift+Settling.swift`.
extension Simulation {
    func receive(_ answer: Answer, to request: Request, _ index: Int) {
        switch request {
        case .look: looked(answer, index)
        case .claim(let wanted, let askedAt): claimed(answer, wanted, askedAt: askedAt, index)
        case .renew(let asked, let sentAt): renewed(answer, asked, sentAt: sentAt, index)
        case .rescue: rescued(answer, index)
        case .begin(let number): began(answer, number, index)
        case .commit(let number): committed(answer, number, index)
        case .settle(let number, let transition): wrote(answer, number, transition, index)
        case .complete(let numbers, _): completed(answer, numbers, index)
        }
        leaveIfDone(index)
    }

    func settle(_ number: Int, _ transition: JobTransition, _ index: Int) {
        guard let handler = workers[index].handlers[number] else { return }
        if transition == .complete, handler.claim.parentID == nil {
            workers[index].board.didFinish(handler.claim)
            return push(.writeEnds, after: 0, worker: index)
        }
        send(.settle(handler: number, transition), index)
    }

    private func wrote(_ answer: Answer, _ number: Int, _ transition: JobTransition, _ index: Int) {
        if case .failed = answer, isWorthRepeating([number], index) {
            return push(.settle(number, transition), after: pause(number, index), worker: index)
        }
        settled([number], index)
        if case .held(false) = answer, transition == .letGo(.lost) { return }
        ring(index)
    }

    // MARK: - Together

    func writeEnds(_ index: Int) {
        guard !workers[index].isWritingEnds else { return }
        let batch = workers[index].board.takeDone(atMost: Job.largestClaim)
        guard !batch.isEmpty else { return }
        workers[index].isWritingEnds = true
        let numbers = workers[index].handlers.filter { entry in batch.contains { $0 === entry.value.running } }.keys
        completeAll(numbers.sorted(), index)
    }

    func completeAll(_ numbers: [Int], _ index: Int) {
        if lossPercent > 0, random.isHit(4) {
            suspend(index, for: random.between(4_000, 12_000))
            return push(.completeAgain(numbers), after: 1, worker: index)
        }
        let claims = numbers.compactMap { workers[index].handlers[$0]?.claim }
        send(.complete(handlers: numbers, claims), index)
    }

    private func completed(_ answer: Answer, _ numbers: [Int], _ index: Int) {
        if case .failed = answer, let first = numbers.first, isWorthRepeating(numbers, index) {
            return push(.completeAgain(numbers), after: pause(first, index), worker: index)
        }
        settled(numbers, index)
        workers[index].isWritingEnds = false
        writeEnds(index)
    }

    private func isWorthRepeating(_ numbers: [Int], _ index: Int) -> Bool {
        numbers.contains { number in
            guard let claim = workers[index].handlers[number]?.claim else { return false }
            return workers[index].board.entries[claim]?.stop != .leaseLost
        }
    }

    private func pause(_ number: Int, _ index: Int) -> Int {
        let pause = workers[index].handlers[number]?.writePause ?? 50
        workers[index].handlers[number]?.writePause = min(1_000, pause * 2)
        return pause
    }

    func settled(_ numbers: [Int], _ index: Int) {
        for number in numbers {
            guard let handler = workers[index].handlers[number] else { continue }
            workers[index].board.settled([handler.claim])
            if handler.isGone { workers[index].handlers[number] = nil }
        }
        nudge(index)
        leaveIfDone(index)
    }
}
