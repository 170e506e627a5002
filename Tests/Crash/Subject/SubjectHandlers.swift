internal import Database
internal import VidSift

/// What a subject does with its jobs: each handler has points between its steps.
struct SubjectHandlers: Sendable {
    let database: Database
    let points: Points
    let hold: Hold

    /// How long a job that failed waits.
    private static let retryPause = Duration.milliseconds(50)
    /// How many jobs of a kind run at a time.
    private static let slots = 2

    /// A job that is killed a thousand times is not a bad job here.
    private static let policy = RetryPolicy(first: .milliseconds(50), longest: .seconds(1), maximumCrashes: 100_000)

    var bindings: [JobBinding] {
        [
            JobBinding(AtomicJob.self, slots: Self.slots, policy: Self.policy) { _, job in try await endWithEffect(job)
            },
            JobBinding(ChildJob.self, slots: Self.slots, policy: Self.policy) { _, job in try await endWithEffect(job)
            },
            JobBinding(FencedJob.self, slots: Self.slots, policy: Self.policy) { _, job in try await effectFirst(job) },
            JobBinding(RetriedJob.self, slots: Self.slots, policy: Self.policy) { _, job in
                if job.job.attempts == 1 { return .retry(after: Self.retryPause, reason: "the first attempt fails") }
                return try await endWithEffect(job)
            },
            JobBinding(ParentJob.self, slots: Self.slots, policy: Self.policy) { try await haveChildren($0, $1) },
        ]
    }

    private func endWithEffect(_ job: RunningJob) async throws -> JobOutcome {
        try await begin(job)
        try await refusable(job) {
            _ = try await job.completing(on: database) { tx in
                points.pass("handler before its effect")
                try await insertEffect(of: job, on: tx)
                points.pass("handler between effect and end")
                await hold.wait(.inside, job)
                try await job.complete(in: tx)
                points.pass("handler after its end, before the commit")
                return true
            }
        }
        points.pass("handler after its commit")
        return .done
    }

    private func effectFirst(_ job: RunningJob) async throws -> JobOutcome {
        try await begin(job)
        try await refusable(job) {
            try await database.transaction { tx in
                guard try await job.isHeld(in: tx) else { throw Refused() }
                points.pass("handler after the fence, before its effect")
                try await insertEffect(of: job, on: tx)
                points.pass("handler after its effect, before the commit")
            }
        }
        points.pass("handler after its own commit, before the end")
        return .done
    }

    private func haveChildren(_ payload: ParentJob, _ job: RunningJob) async throws -> JobOutcome {
        try await begin(job)
        let isDone = try await job.completing(on: database) { tx -> Bool? in
            let open = try await Job.children(of: job.job.id, limit: payload.children, on: tx).count
            let ended = try await ArchivedJob.childrenByState(of: job.job.id, on: tx).values.reduce(0, +)
            if open + ended == 0 {
                guard try await job.isHeld(in: tx) else { throw Refused() }
                for number in 1...payload.children {
                    let child = ChildJob(subject: "\(payload.subject)/\(number)")
                    _ = try await NewJob(child, parentID: job.job.id).enqueue(on: tx)
                    points.pass("parent between its children")
                }
                return nil
            }
            guard open == 0 else { return nil }
            try await insertEffect(of: job, on: tx)
            try await job.complete(in: tx)
            points.pass("parent after its end, before the commit")
            return true
        }
        points.pass("parent after its commit")
        if isDone != nil { Announcement.say("ended", job.job.description) }
        return isDone == nil ? .sleep(until: .childrenEnded) : .done
    }

    // MARK: - Steps

    private func begin(_ job: RunningJob) async throws {
        points.pass("handler at its beginning")
        Announcement.say("started", job.job.description, "\(job.claim.fence)")
        job.report(done: 1, of: 2)
        await hold.wait(.before, job)
    }

    private func insertEffect(of job: RunningJob, on tx: Transaction) async throws {
        try await Effect.insert(
            kind: job.job.kind.rawValue, subject: job.job.subject, fence: job.claim.fence, worker: job.claim.worker,
            on: tx)
    }

    /// Writes, also where the attempt was told to stop: only the fence shall keep it from that.
    private func refusable(_ job: RunningJob, _ write: @escaping @Sendable () async throws -> Void) async throws {
        // A task of its own does not hear of the cancellation of this one, which waits for it.
        let writing = Task { try await write() }
        do {
            try await writing.value
        } catch  where error is LeaseLost || error is Refused {
            Announcement.say("refused", job.job.description, "\(job.claim.fence)")
            throw error
        }
        Announcement.say("ended", job.job.description)
    }
}

/// A job is somebody else's by now, as its fence has said.
private struct Refused: Error {}
