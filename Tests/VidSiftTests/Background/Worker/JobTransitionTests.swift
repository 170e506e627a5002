import Foundation
import Testing

@testable import VidSift

@Suite("What the end of an attempt means for its job") struct JobTransitionTests {
    @Test("what a handler returns decides where nobody stopped it")
    func outcomes() {
        let job = Job.sample(attempts: 2)
        #expect(transition(.success(.done), job) == .complete)
        #expect(transition(.success(.buried(reason: "no")), job) == .bury(reason: "no"))
        #expect(transition(.success(.sleep(until: .childrenEnded)), job) == waiting(.whenChildrenEnd))
        #expect(transition(.success(.sleep(until: .after(.zero))), job) == waiting(.pending))
        #expect(transition(.success(.sleep(until: .after(.seconds(9)))), job) == waiting(.scheduled, .seconds(9)))
        #expect(transition(.success(.retry(after: nil, reason: "r")), job) == failed("r", .seconds(10)))
        #expect(transition(.success(.retry(after: .seconds(99), reason: "r")), job) == failed("r", .seconds(99)))
        #expect(transition(.failure(Undo()), job) == failed("Undo()", .seconds(10)))
    }

    @Test("the last attempt that fails gives the job up, one before it does not")
    func exhausted() {
        let last = JobTransition.bury(reason: "given up after 5 attempts: r")
        #expect(transition(.success(.retry(after: nil, reason: "r")), .sample(attempts: 5, of: 5)) == last)
        #expect(
            transition(.success(.retry(after: nil, reason: "r")), .sample(attempts: 4, of: 5))
                == failed("r", .seconds(40)))
        // Waiting is no attempt, so that the last one may wait too.
        #expect(
            transition(.success(.sleep(until: .childrenEnded)), .sample(attempts: 5, of: 5))
                == waiting(.whenChildrenEnd))
    }

    @Test("why an attempt was stopped decides what its error means, and what is done is done")
    func stopped() {
        let job = Job.sample(attempts: 1)
        let error = Result<JobOutcome, any Error>.failure(CancellationError())
        let interrupted = JobTransition.letGo(
            JobSettlement(outcome: .interrupted, next: .pending, countsAsAttempt: false))
        #expect(transition(error, job, stop: .cancelRequested) == .cancel)
        #expect(transition(error, job, stop: .stopping) == interrupted)
        #expect(
            transition(error, job, stop: .outOfTime(.seconds(3)))
                == failed("it took longer than \(Duration.seconds(3))", .seconds(5)))
        #expect(transition(.success(.done), job, stop: .cancelRequested) == .complete)
        #expect(transition(.success(.retry(after: nil, reason: "r")), job, stop: .cancelRequested) == .cancel)
        for stop in [StopReason.stopping, .outOfTime(.seconds(3))] {
            #expect(transition(.success(.done), job, stop: stop) == .complete)
        }
        #expect(transition(error, job, stop: .leaseLost) == nil)
        #expect(transition(.success(.done), job, stop: .leaseLost) == nil)
    }

    @Test("a job is given up before an attempt after five crashes, or more attempts than it has")
    func beforehand() {
        let policy = RetryPolicy()
        #expect(JobTransition.beforeAttempt(at: .sample(attempts: 5, of: 5, crashes: 4), policy: policy) == nil)
        for job in [Job.sample(attempts: 6, of: 9, crashes: 5), .sample(attempts: 6, of: 5)] {
            guard case .bury = JobTransition.beforeAttempt(at: job, policy: policy) else {
                Issue.record("not given up: \(job)")
                continue
            }
        }
        var unwanted = Job.sample(attempts: 6, of: 5, crashes: 5)
        unwanted.isCancelRequested = true
        #expect(JobTransition.beforeAttempt(at: unwanted, policy: policy) == .cancel)
    }

    @Test(
        "the wait doubles up to the longest",
        arguments: [(0, 5), (1, 5), (2, 10), (3, 20), (7, 320), (8, 600), (9, 600), (1_000_000, 600)])
    func backOff(attempts: Int, seconds: Int) {
        let policy = RetryPolicy()
        #expect(policy.delay(afterAttempts: attempts, chance: 0) == .seconds(seconds))
        let least = policy.delay(afterAttempts: attempts, chance: 1)
        #expect(least == .seconds(Double(seconds) * 0.75))
    }

    @Test("what the other side asks for is never undercut, and no wait is longer than a day")
    func requested() {
        let policy = RetryPolicy()
        #expect(policy.delay(afterAttempts: 1, requested: .seconds(100), chance: 0.9) == .seconds(100))
        #expect(policy.delay(afterAttempts: 5, requested: .seconds(1), chance: 0) == .seconds(80))
        #expect(policy.delay(afterAttempts: 1, requested: .seconds(-100), chance: 0) == .seconds(5))
        #expect(policy.delay(afterAttempts: 1, requested: .seconds(1 << 40), chance: 0) == .seconds(86_400))
    }

    @Test("leases are taken from others only after a whole lease of heartbeats on time")
    func rescueRight() {
        let start = ContinuousClock.now
        var right = RescueRight(lease: .seconds(6))
        func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }
        #expect(!right.mayRescue(at: at(0)))
        for beat in [0, 1.5, 3, 4.5] {
            right.heartbeatSucceeded(at: at(beat))
            #expect(!right.mayRescue(at: at(beat)))
        }
        right.heartbeatSucceeded(at: at(6))
        #expect(right.mayRescue(at: at(6)) && right.mayRescue(at: at(9)) && !right.mayRescue(at: at(9.1)))

        // The database stalled: everything begins anew.
        for beat in [9.5, 11, 12.5, 14, 15.4] {
            right.heartbeatSucceeded(at: at(beat))
            #expect(!right.mayRescue(at: at(beat)))
        }
        right.heartbeatSucceeded(at: at(15.5))
        #expect(right.mayRescue(at: at(15.5)))
    }

    private func transition(
        _ result: Result<JobOutcome, any Error>, _ job: Job, stop: StopReason? = nil
    ) -> JobTransition? {
        .of(result, stop: stop, job: job, policy: RetryPolicy(), chance: 0)
    }

    private func waiting(_ next: JobSettlement.Next, _ delay: Duration = .zero) -> JobTransition {
        .letGo(JobSettlement(outcome: .putOff, next: next, delay: delay, countsAsAttempt: false))
    }

    private func failed(_ error: String, _ delay: Duration) -> JobTransition {
        .letGo(
            JobSettlement(outcome: .failed, next: .scheduled, delay: delay, error: error, countsAsAttempt: true))
    }
}

extension Job {
    /// One that is running.
    static func sample(attempts: Int, of maximum: Int = 150, crashes: Int = 0) -> Job {
        Job(
            id: JobID(), kind: TestWork.kind, version: 1, subject: "s", payload: "{}", requester: "",
            priority: .normal, turn: 0, state: .running, runAt: Date(), attempts: attempts, crashes: crashes,
            maximumAttempts: maximum, fence: 1, worker: "one", leaseUntil: Date(), startedAt: Date(),
            isCancelRequested: false, progress: JobProgress(done: 0, total: 0), lastError: nil, parentID: nil,
            openChildren: 0, createdAt: Date())
    }
}
