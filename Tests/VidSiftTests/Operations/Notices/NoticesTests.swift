import Database
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("Who is told, and how often", .timeLimit(.minutes(2))) struct NoticesTests {
    @Test(
        "the jobs that tell are written in the transaction that ends the work, or not at all",
        arguments: TestEngine.allCases)
    func transaction(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let notices = try bench.notices(ScriptedMailer(), webhook: Self.webhook())
        let notice = bench.notice()

        await #expect(throws: Undo.self) {
            try await bench.database.transaction { tx in
                try await notices.enqueue(notice, recipient: NoticeBench.address, on: tx)
                throw Undo()
            }
        }
        #expect(try await bench.openCounts() == [0, 0])

        try await bench.settle(notices, notice)
        let mail = try #require(try await bench.open(SendMailJob.kind).first)
        #expect(try SendMailJob.decode(mail).notice == notice && mail.requester == "somebody")
        #expect(!mail.payload.contains(NoticeBench.address) && !mail.subject.contains("@"))
        #expect(try await bench.openCounts() == [1, 1])
    }

    @Test(
        "a second end of the same job tells nobody, even when all was sent long ago; that of another job does",
        arguments: TestEngine.allCases)
    func once(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let mailer = ScriptedMailer()
        let notices = try bench.notices(mailer)
        let job = JobID()

        try await bench.settle(notices, bench.notice(job: job))
        try await bench.settle(notices, bench.notice(job: job))
        #expect(try await bench.open(SendMailJob.kind).count == 1)
        try await bench.work(notices)
        try await bench.settle(notices, bench.notice(.nothing, failure: "It is gone.", job: job))
        try await bench.work(notices)
        #expect(mailer.sent.count == 1)

        try await bench.settle(notices, bench.notice(job: JobID()))
        try await bench.work(notices)
        #expect(mailer.sent.count == 2)
    }

    @Test("what somebody puts back to work is told of again, as another message", arguments: TestEngine.allCases)
    func redriven(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let mailer = ScriptedMailer()
        let notices = try bench.notices(mailer)
        let job = JobID()
        try await bench.settle(notices, bench.notice(.nothing, failure: "It is gone.", job: job))

        try await bench.database.transaction { try await notices.forget(job, of: bench.channel.id, on: $0) }
        try await bench.settle(notices, bench.notice(job: job))
        try await bench.work(notices)

        #expect(
            Set(mailer.sent.map(\.subject)) == [
                "“Bees & Canals” could not be indexed", "“Bees & Canals” is ready: 288 of 300 videos",
            ])
        #expect(Set(mailer.sent.map(\.id)).count == 2)
    }

    @Test(
        "nobody is told by mail whom nobody named, whose address is none, or where no mail is configured",
        arguments: TestEngine.allCases)
    func nobody(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let mailer = ScriptedMailer()
        let notices = try bench.notices(mailer, webhook: Self.webhook())
        for recipient in [nil, "", "nobody", "a@b@c", "x@example.com\r\nBcc: y@example.com"] {
            try await bench.settle(notices, bench.notice(), recipient: recipient)
        }
        #expect(try await bench.openCounts() == [0, 5])
        try await bench.settle(try bench.notices(), bench.notice())
        #expect(try await bench.openCounts() == [0, 5])
        #expect(!bench.log.lines.joined().contains("example.com"))
    }

    @Test("a channel that is gone is told of to nobody", arguments: TestEngine.allCases)
    func goneChannel(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let notices = try bench.notices(ScriptedMailer())
        _ = try await bench.database.transaction { try await Channel.delete(bench.channel.id, on: $0) }
        try await bench.settle(notices, bench.notice())
        #expect(try await bench.open(SendMailJob.kind).isEmpty)
    }

    @Test(
        "who wants no mail gets none, however his address is written, and gets some when he wants it again",
        arguments: TestEngine.allCases)
    func refusing(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let mailer = ScriptedMailer()
        let notices = try bench.notices(mailer)
        let recipient = try await bench.recipient("Reader@Example.com")
        _ = try await MailRecipient.set(wantsMail: false, token: recipient.token, on: bench.database)

        for address in ["reader@example.com", " READER@EXAMPLE.COM ", "Reader@example.com"] {
            try await bench.settle(notices, bench.notice(), recipient: address)
        }
        #expect(try await bench.open(SendMailJob.kind).isEmpty)

        _ = try await MailRecipient.set(wantsMail: true, token: recipient.token, on: bench.database)
        try await bench.settle(notices, bench.notice())
        try await bench.work(notices)
        #expect(mailer.sent.count == 1)
    }

    @Test("who ends his mail while some is on its way does not get that either", arguments: TestEngine.allCases)
    func refusingMeanwhile(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let mailer = ScriptedMailer()
        let notices = try bench.notices(mailer)
        try await bench.settle(notices, bench.notice())
        let recipient = try await bench.recipient()
        _ = try await MailRecipient.set(wantsMail: false, token: recipient.token, on: bench.database)
        try await bench.work(notices)
        #expect(mailer.sent.isEmpty)
        #expect(try await bench.ended(SendMailJob.kind).map(\.state) == [.completed])
    }

    @Test("two channels that end at once write their reader down once", arguments: TestEngine.allCases)
    func atOnce(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let notices = try bench.notices(ScriptedMailer())
        let other = try await bench.bench.makeChannel("UC_x5XG1OV2P6uZZ5FSM9Ttw", title: "Other")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for channel in [bench.channel, other] {
                let notice = ChannelNotice(
                    channel: channel, report: .whole, failure: nil, job: JobID(), requester: "")
                group.addTask { try await bench.settle(notices, notice) }
            }
            try await group.waitForAll()
        }
        let recipients = try await bench.open(SendMailJob.kind).map { try SendMailJob.decode($0).recipient }
        #expect(recipients.count == 2 && Set(recipients).count == 1)
    }

    @Test("the links of two people can't be guessed from one another", arguments: TestEngine.allCases)
    func tokens(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let tokens = try await [bench.recipient("a@example.com"), bench.recipient("b@example.com")].map(\.token)
        #expect(tokens.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{32}/) != nil } && tokens[0] != tokens[1])
        #expect(try await bench.recipient("A@EXAMPLE.com").token == tokens[0])
    }

    private static func webhook() throws -> Notices.Webhook {
        Notices.Webhook(
            sender: WebhookSender(), url: try WebhookURL("https://receiver.example/"), secrets: ["0123456789abcdef"])
    }
}
