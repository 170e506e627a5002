internal import Database
internal import Foundation
internal import VidSift

/// Says once why nothing goes on, and until when.
struct PauseNotes {
    /// How often it is asked whether YouTube is left alone.
    private static let pause = Duration.seconds(2)

    private let database: Database
    private let progress: ProgressLine
    private var told: String?
    private var nextLook = ContinuousClock.now

    init(_ database: Database, _ progress: ProgressLine) {
        self.database = database
        self.progress = progress
    }

    /// - Parameter job: what is waited for.
    mutating func tell(of job: Job) async throws {
        if job.state == .scheduled, let reason = job.lastError { return tell(reason, until: job.runAt) }
        guard nextLook <= .now else { return }
        nextLook = .now + Self.pause
        let pace = try await YouTubePace.get(on: database)
        guard pace.blockedUntil > .now, let reason = pace.reason else { return }
        tell(reason, until: pace.blockedUntil)
    }

    private mutating func tell(_ reason: String, until time: Date) {
        guard reason != told else { return }
        told = reason
        progress.clear()
        Output.note("waiting until \(time.clockTime): \(reason) Ctrl-C leaves the rest to `vidsift serve` or `work`.")
    }
}
