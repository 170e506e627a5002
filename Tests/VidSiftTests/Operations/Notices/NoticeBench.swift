import Database
import Foundation
import Logging
import Providers
import Synchronization
import TestDatabases
import Testing

@testable import VidSift

/// A library with a channel of YouTube, of whose end somebody is told.
struct NoticeBench {
    static let address = "reader@example.com"
    static let pageBase = "https://vidsift.example/app"

    let bench: Workbench
    let channel: Channel
    let log = LineLog()
    var database: Database { bench.database }

    init(_ engine: TestEngine, title: String = "Bees & Canals") async throws {
        bench = try await Workbench(engine)
        channel = try await bench.makeChannel("UCBR8-60-B28hp2BmDPdntcQ", title: title)
    }

    var logger: Logger { Logger(label: "test") { _ in LineLogHandler(log) } }

    /// What tells people, by the mailer alone where there is no webhook.
    func notices(_ mailer: (any Mailer)? = nil, webhook: Notices.Webhook? = nil) throws -> Notices {
        Notices(
            database: database,
            mail: try mailer.map {
                Notices.Mail(mailer: $0, sender: try Mailbox("VidSift <vidsift@vidsift.example>"))
            },
            webhook: webhook, pageBase: Self.pageBase, logger: logger)
    }

    /// What the settings make of those variables.
    func notices(_ variables: [String: String]) throws -> Notices {
        let settings = try Settings.resolve(variables: variables.merging(["APP_URL": Self.pageBase]) { $1 })
        return try settings.notices.notices(database: database, pageBase: settings.publicURL, logger: logger)
    }

    func notice(_ report: ChannelReport = .partly, failure: String? = nil, job: JobID = JobID()) -> ChannelNotice {
        ChannelNotice(channel: channel, report: report, failure: failure, job: job, requester: "somebody")
    }

    /// Ends a job of the channel as `ListChannel` does.
    func settle(_ notices: Notices, _ notice: ChannelNotice, recipient: String? = address) async throws {
        try await database.transaction { try await notices.enqueue(notice, recipient: recipient, on: $0) }
    }

    /// Has everything done that is due.
    func work(_ notices: Notices) async throws {
        try await bench.worker(notices.bindings()).drain()
    }

    /// The open jobs of a kind.
    func open(_ kind: JobKind) async throws -> [Job] { try await Job.list(kind: kind, limit: 100, on: database) }

    /// How many mails and webhooks wait.
    func openCounts() async throws -> [Int] {
        [try await open(SendMailJob.kind).count, try await open(SendWebhookJob.kind).count]
    }

    /// The jobs of a kind that have ended.
    func ended(_ kind: JobKind) async throws -> [ArchivedJob] {
        try await ArchivedJob.list(kind: kind, limit: 100, on: database)
    }

    func recipient(_ address: String = address) async throws -> MailRecipient {
        try await database.transaction { try await MailRecipient.ensure(address, on: $0) }
    }

    /// Claims the one job of a kind, as a worker that is about to die does.
    func claim(_ kind: JobKind) async throws -> RunningJob {
        let claim = Job.claim(kind, limit: 1, by: Claimant(worker: "dying", lease: .seconds(60)))
        let job = try #require(try await database.rows(claim, as: Job.self).first)
        return RunningJob(job: job, claim: job.held, isArchived: true, logger: logger)
    }

    /// Has what a worker claimed that died given to others.
    func kill(_ running: RunningJob) async throws {
        try await bench.expire(running.job.id)
        _ = try await Job.rescue(.expired, by: "test", on: database)
    }
}

extension Workbench {
    func makeChannel(_ youtubeID: String, title: String) async throws -> Channel {
        let title = try #require(Title(title))
        let id = try await database.transaction {
            try await ChannelListing.ensure(youtubeID, title: title, handle: nil, on: $0)
        }
        return try #require(try await Channel.find(id.description, on: database))
    }
}

extension ChannelReport {
    static let partly = ChannelReport(
        listed: 300, indexed: 288, open: 0, later: 1, withoutCaptions: 7, unavailable: 3, failed: 1, delisted: 0,
        reasons: [
            Reason(outcome: .noCaptions, reason: "It has no captions.", videos: 7),
            Reason(outcome: .unavailable, reason: "It is private.", videos: 3),
        ])
    static let whole = ChannelReport(
        listed: 20, indexed: 20, open: 0, later: 0, withoutCaptions: 0, unavailable: 0, failed: 0, delisted: 0,
        reasons: [])
    static let nothing = ChannelReport(
        listed: 2, indexed: 0, open: 0, later: 0, withoutCaptions: 2, unavailable: 0, failed: 0, delisted: 0,
        reasons: [Reason(outcome: .noCaptions, reason: "It has no captions.", videos: 2)])
}

/// Takes messages, or fails as it is told.
final class ScriptedMailer: Mailer {
    private let script: Mutex<(sent: [MailMessage], failures: [MailError])>

    init(failures: [MailError] = []) { script = Mutex(([], failures)) }

    var sent: [MailMessage] { script.withLock { $0.sent } }

    func send(_ message: MailMessage) async throws {
        try script.withLock { script in
            guard script.failures.isEmpty else { throw script.failures.removeFirst() }
            script.sent.append(message)
        }
    }
}
