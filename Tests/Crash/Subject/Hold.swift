internal import Synchronization
internal import VidSift

/// Makes a handler stand still for a while at a place, so that its process can be stopped there.
struct Hold: Sendable {
    /// Where.
    enum Step: String, Sendable, CaseIterable {
        case never
        /// Before the transaction that writes.
        case before
        /// Inside it, between the effect and the end.
        case inside
    }

    var step: Step
    var time: Duration

    /// Says `held`, and returns when the time is over, whether the attempt was cancelled or not.
    func wait(_ step: Step, _ job: RunningJob) async {
        guard step == self.step else { return }
        Announcement.say("held", job.job.description, "\(job.claim.fence)")
        let until = ContinuousClock.now + time
        let standing = Task { try? await Task.sleep(until: until) }
        await standing.value
    }
}
