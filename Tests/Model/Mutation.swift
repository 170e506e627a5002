/// A mistake that is put into the protocol, to show that the simulation finds it.
enum Mutation: String, CaseIterable, Sendable {
    /// A job is ended by whoever thinks that he has it.
    case completeWithoutFence
    /// A job is let go by whoever thinks that he has it.
    case letGoWithoutFence
    /// A claim does not change the fence.
    case claimKeepsFence
    /// A claim takes running jobs, too.
    case claimTakesRunning
    /// A renewal does not ask whose job it is.
    case renewAnybody
    /// A rescue does not ask whether the lease is over.
    case rescueUnexpired
    /// A rescuer does not ask whether its own heartbeats were on time.
    case rescueWithoutRight
    /// The worker does not stop what has lost its lease.
    case boardKeepsLost
    /// The effect is committed without asking for the claim.
    case effectWithoutClaim
    /// A child's end is not counted.
    case childNotCounted
    /// A rescue is not written into the history.
    case rescueForgetsAttempt
    /// A claim does not count the attempt.
    case claimForgetsAttempt
    /// A claim that the database forgot, and that is made again with the same fence, starts a second handler.
    case sameClaimTwice
}
