internal import Foundation
internal import Logging
internal import Providers

/// Sends a notice to the owner's own program. The job's attempts are the log of its deliveries.
struct SendWebhook: Sendable {
    /// With `policy` about a day.
    static let maximumAttempts = 30
    static let policy = RetryPolicy(first: .seconds(10), longest: .seconds(3_600))
    static let timeLimit = Duration.seconds(120)

    /// Nil where none is configured (any more).
    let webhook: Notices.Webhook?
    let links: NoticeLinks
    let logger: Logger

    /// The handler of `SendWebhookJob`.
    func callAsFunction(_ job: SendWebhookJob, _ running: RunningJob) async throws -> JobOutcome {
        guard let webhook else { return .buried(reason: "No webhook is configured any more.") }
        let delivery = try job.notice.delivery(
            to: webhook.url, secrets: webhook.secrets, links: links, date: running.job.createdAt)
        let attempt = try await webhook.sender.deliver(delivery)
        let outcome = JobOutcome(attempt)
        logger.log(
            level: outcome == .done ? .info : .warning, "a webhook was tried",
            metadata: [
                "job": "\(running.job.description)", "outcome": "\(attempt.reason)", "took": "\(attempt.duration)",
            ])
        return outcome
    }
}

extension JobOutcome {
    /// What came of an attempt means this for its job.
    init(_ attempt: WebhookAttempt) {
        let reason = attempt.excerpt.isEmpty ? attempt.reason : "\(attempt.reason) It said: \(attempt.excerpt)"
        self =
            switch attempt.outcome {
            case .delivered: .done
            case .gone, .refused: .buried(reason: reason)
            case .failed(let wait): .retry(after: wait, reason: reason)
            }
    }
}
