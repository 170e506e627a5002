internal import Database
internal import Logging

extension RunHost {
    /// Says again and again that the runs' holder lives, hears what others want of them, and ends those that nobody
    /// reads; until there are none.
    func beatWhileThereAreRuns() async {
        var failures = FailureStreak("a heartbeat of runs", logger)
        while goesOnBeating() {
            await wishes.wait(atMost: timing.heartbeat)
            do {
                try await beat()
                failures.end()
            } catch {
                failures.add(error)
            }
            stopOverdue()
        }
    }

    private func beat() async throws {
        let asked = hostedRuns
        guard !asked.isEmpty else { return }
        let answer = try await database.pipeline(surviving: .processEnd, undoesUndecodable: false) {
            [holder] pipeline in
            pipeline.execute(RunRecord.renewal(by: holder))
            return pipeline.rows(RunRecord.stillHeld(by: holder), as: RenewedRun.self)
        }
        let renewed = Dictionary(try answer.value.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for run in asked {
            guard let known = renewed[run.id] else {
                run.stop(.lost)
                continue
            }
            run.setReadElsewhere(known.isFollowedElsewhere)
            if known.isStopRequested { run.stop(.wished) }
        }
    }

    private func stopOverdue() {
        for run in hostedRuns {
            if run.feed.unfollowedFor >= timing.grace { run.stop(.unfollowed) }
            if .now - run.startedAt >= timing.longest { run.stop(.tookTooLong) }
        }
    }
}

extension RunHost {
    /// Hears what other instances tell, where the database passes it on. Whoever misses it looks from time to time.
    func listen() async {
        for await notice in database.notifications(on: [RunNotice.events, RunNotice.wishes]) {
            switch notice {
            case .connected:
                news.announce()
                wishes.signal()
            case .notified(RunNotice.wishes, let id):
                if RunID(id).flatMap({ hosted($0) }) != nil { wishes.signal() }
            case .notified(_, let id):
                if let id = RunID(id) { news.announce(id) }
            case .disconnected: break
            }
        }
    }
}
