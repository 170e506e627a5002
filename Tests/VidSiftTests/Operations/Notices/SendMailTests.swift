import Database
import Foundation
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("Sending a notice by mail", .timeLimit(.minutes(2))) struct SendMailTests {
    @Test("what fails for now is tried again later, and every try is written down", arguments: TestEngine.allCases)
    func again(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let greylisted = MailError(.deferred, "Come back later.", code: 451, enhancedCode: "4.7.1")
        let mailer = ScriptedMailer(failures: [greylisted, MailError(.connection, "The connection failed.")])
        let notices = try bench.notices(mailer)
        try await bench.settle(notices, bench.notice())

        for reason in ["Come back later. (451 4.7.1)", "The connection failed."] {
            try await bench.work(notices)
            let job = try #require(try await bench.open(SendMailJob.kind).first)
            #expect(job.state == .scheduled && job.lastError == reason)
            try await bench.bench.passTime()
        }
        try await bench.work(notices)

        #expect(mailer.sent.count == 1)
        let ended = try #require(try await bench.ended(SendMailJob.kind).first)
        #expect(ended.state == .completed && ended.attempts == 3)
        #expect(try await bench.bench.outcomes(ended.id) == [.failed, .failed])
    }

    @Test("who is killed between sending and saying so sends the same message again", arguments: TestEngine.allCases)
    func killed(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let mailer = ScriptedMailer()
        let notices = try bench.notices(mailer)
        try await bench.settle(notices, bench.notice())

        let running = try await bench.claim(SendMailJob.kind)
        let handler = SendMail(database: bench.database, mail: notices.mail, links: notices.links, logger: bench.logger)
        #expect(try await handler(SendMailJob.decode(running.job), running) == .done)
        try await bench.kill(running)
        try await bench.work(notices)

        #expect(mailer.sent.count == 2)
        #expect(Set(try mailer.sent.map { try $0.encoded() }).count == 1)
        try await bench.work(notices)
        #expect(mailer.sent.count == 2)
    }

    @Test("mail that was wanted when it was configured is not lost while it is not", arguments: TestEngine.allCases)
    func unconfigured(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let mailer = ScriptedMailer()
        try await bench.settle(try bench.notices(mailer), bench.notice())
        try await bench.work(try bench.notices())
        let job = try #require(try await bench.open(SendMailJob.kind).first)
        #expect(job.lastError == "No mail is configured any more." && job.runAt.timeIntervalSinceNow > 3_000)
        try await bench.bench.passTime()
        try await bench.work(try bench.notices(mailer))
        #expect(mailer.sent.count == 1)
    }

    @Test("what a failure means: later, never, or that a copy would be too much")
    func outcomes() {
        for kind in [MailError.Kind.recipientRefused, .refused, .invalidMessage] {
            #expect(outcome(MailError(kind, "No.", code: 550)) == .buried(reason: "No. (550)"))
        }
        for kind in [
            MailError.Kind.deferred, .rateLimited, .quotaExhausted, .connection, .timeout, .unavailable,
            .invalidResponse, .closed, .insecure,
        ] {
            let wait = Duration.seconds(77)
            #expect(outcome(MailError(kind, "No.", retryAfter: wait)) == .retry(after: wait, reason: "No."))
        }
        for kind in [MailError.Kind.unauthorised, .notConfigured, .invalidSettings] {
            #expect(outcome(MailError(kind, "No.")) == .retry(after: .seconds(3_600), reason: "No."))
        }
    }

    @Test("a message whose acceptance is not known is sent three times at most, or as long as its service knows it")
    func unknownAcceptance() {
        let given = JobOutcome.buried(reason: "No. It may have arrived, so it is not sent again.")
        let again = JobOutcome.retry(after: nil, reason: "No.")
        let unknown = MailError(.timeout, "No.", acceptance: .unknown)
        #expect(outcome(unknown, attempts: 2) == again && outcome(unknown, attempts: 3) == given)
        let repeatable = MailError(.timeout, "No.", acceptance: .unknownButRepeatable)
        #expect(outcome(repeatable, attempts: 20) == again)
        #expect(outcome(repeatable, attempts: 2, age: .seconds(24 * 3_600)) == given)
        // Then it makes no difference what kind of failure it was.
        #expect(outcome(MailError(.refused, "No.", acceptance: .unknown), attempts: 3) == given)
    }

    private func outcome(_ error: MailError, attempts: Int = 1, age: Duration = .seconds(60)) -> JobOutcome {
        JobOutcome(error, attempts: attempts, age: age)
    }
}
