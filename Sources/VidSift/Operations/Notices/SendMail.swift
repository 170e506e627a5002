internal import Database
internal import Foundation
internal import Logging
internal import Providers

/// Sends a notice by mail: once, as far as a mail server can be asked whether it has it.
struct SendMail: Sendable {
    /// With `policy` about a day and a half.
    static let maximumAttempts = 40
    static let policy = RetryPolicy(first: .seconds(30), longest: .seconds(3_600))
    /// A mail server may think for minutes in each step.
    static let timeLimit = Duration.seconds(1_200)

    let database: Database
    /// Nil where none is configured (any more).
    let mail: Notices.Mail?
    let links: NoticeLinks
    let logger: Logger

    /// The handler of `SendMailJob`.
    func callAsFunction(_ job: SendMailJob, _ running: RunningJob) async throws -> JobOutcome {
        guard let recipient = try await MailRecipient.get(job.recipient, on: database), recipient.refusedAt == nil
        else { return .done }
        do {
            guard let mail else { throw MailError(.notConfigured, "No mail is configured any more.") }
            // By the job's date, not the clock: what is sent again is the same.
            let message = try job.notice.message(
                to: recipient, from: mail.sender, links: links, date: running.job.createdAt)
            try await mail.mailer.send(message)
            return .done
        } catch let error as MailError {
            logger.warning(
                "a mail was not sent",
                metadata: ["job": "\(running.job.description)", "error": "\(String(reflecting: error))"])
            return JobOutcome(
                error, attempts: running.job.attempts, age: .seconds(-running.job.createdAt.timeIntervalSinceNow))
        }
    }
}

extension JobOutcome {
    /// So often a message is handed over whose acceptance is never said: so many copies there may be.
    static let mostUnknownAcceptances = 3
    /// So long a mail service recognises a repetition, less some margin (``MailError/Acceptance``).
    static let repeatableFor = Duration.seconds(23 * 3_600)
    /// How long the owner is given to mend a setting before it is tried again.
    static let pauseForOwner = Duration.seconds(3_600)

    /// What a failure to send a message means.
    ///
    /// - Parameters:
    ///   - attempts: how many there were, with this one.
    ///   - age: how long ago the message was wanted.
    init(_ error: MailError, attempts: Int, age: Duration) {
        let reason = error.reasonWithCode
        if error.mayBeSent(attempts: attempts, age: age) {
            self = .buried(reason: "\(reason) It may have arrived, so it is not sent again.")
            return
        }
        switch error.kind {
        case .notConfigured, .invalidSettings, .unauthorised: self = .retry(after: Self.pauseForOwner, reason: reason)
        case .invalidMessage, .recipientRefused, .refused: self = .buried(reason: reason)
        case .insecure, .deferred, .rateLimited, .quotaExhausted, .connection, .timeout, .unavailable,
            .invalidResponse, .closed:
            self = .retry(after: error.retryAfter, reason: reason)
        }
    }
}

extension MailError {
    /// Whether the message may have arrived and the risk of a copy is too great.
    fileprivate func mayBeSent(attempts: Int, age: Duration) -> Bool {
        switch acceptance {
        case .no: false
        case .unknown: attempts >= JobOutcome.mostUnknownAcceptances
        case .unknownButRepeatable: age > JobOutcome.repeatableFor
        }
    }

    fileprivate var reasonWithCode: String {
        guard let code else { return reason }
        return "\(reason) (\(code)\(enhancedCode.map { " " + $0 } ?? ""))"
    }
}
