/// The times of a worker, each with its reason. Tests shorten them.
package struct WorkerTiming: Sendable, Hashable {
    /// How long a claim lasts without a sign of life: whoever died is replaced after this.
    package var lease: Duration
    /// How often the claims are renewed, expired ones of others are looked for, and progress is written down.
    package var heartbeat: Duration
    /// How often due work is looked for that nobody has told of.
    package var poll: Duration
    /// How long running jobs may go on when the worker is asked to stop.
    package var grace: Duration
    /// How long a handler may take to end when it is told to; after that its job goes back without it.
    package var abandon: Duration

    package init(
        lease: Duration = .seconds(6), heartbeat: Duration = .milliseconds(1_500), poll: Duration = .seconds(1),
        grace: Duration = .seconds(20), abandon: Duration = .seconds(5)
    ) {
        self.lease = lease
        self.heartbeat = heartbeat
        self.poll = poll
        self.grace = grace
        self.abandon = abandon
    }

    /// How often leases and time limits are compared with this process's own clock.
    package var watch: Duration { min(heartbeat, .milliseconds(250)) }
}

/// Whether this worker may take leases from others that seem silent: only while its own heartbeats were on time for a
/// whole lease. A database that stalls silences everybody, and proves nobody dead.
package struct RescueRight: Sendable, Hashable {
    private let lease: Duration
    private var lastSuccess: ContinuousClock.Instant?
    private var healthySince: ContinuousClock.Instant?

    package init(lease: Duration) {
        self.lease = lease
    }

    /// A heartbeat has reached the database.
    package mutating func heartbeatSucceeded(at now: ContinuousClock.Instant) {
        if let last = lastSuccess, now - last <= lease / 2 {
            healthySince = healthySince ?? last
        } else {
            healthySince = now
        }
        lastSuccess = now
    }

    package func mayRescue(at now: ContinuousClock.Instant) -> Bool {
        guard let healthySince, let lastSuccess, now - lastSuccess <= lease / 2 else { return false }
        return now - healthySince >= lease
    }
}
