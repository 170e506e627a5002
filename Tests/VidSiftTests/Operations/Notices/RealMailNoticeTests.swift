import Foundation
import TestDatabases
import TestModels
import Testing

@testable import VidSift

@Suite(
    "Notices through a real mail server",
    .enabled(if: RealMailServer.isInstalled, "no mail server is installed: scripts/lib/mail-server.sh"),
    .serialized, .timeLimit(.minutes(2)))
struct RealMailNoticeTests {
    private static let login = ["--encryption", "never", "--user", "me", "--password", "p4ss-w0rd-of-mine"]

    @Test("a channel's end arrives once, whole, at whoever asked", arguments: TestEngine.allCases)
    func arrives(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine, title: "Bienen „süß“ 🐝")
        let server = try RealMailServer(Self.login)
        let notices = try bench.notices(Self.variables(server))
        let notice = bench.notice()
        try await bench.settle(notices, notice)
        try await bench.settle(notices, notice)
        try await bench.work(notices)

        let taken = try server.takenAtLast()
        #expect(taken.count == 1)
        let message = try #require(taken.first)
        #expect(message.from == "vidsift@vidsift.example" && message.to == [NoticeBench.address] && message.loggedIn)
        let text = String(decoding: message.content, as: UTF8.self)
        #expect(text.contains("Message-ID: <channel.\(notice.id)@vidsift.example>\r\n"))
        #expect(text.contains("List-Unsubscribe: <\(NoticeBench.pageBase)/unsubscribe?token="))
        #expect(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"))
        #expect(text.contains("multipart/alternative") && !text.contains("Bienen „"))
        #expect(try await bench.ended(SendMailJob.kind).map(\.state) == [.completed])
    }

    @Test(
        "killed before it could say so, the second copy is the first one, byte for byte",
        arguments: TestEngine.allCases)
    func killed(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let server = try RealMailServer(Self.login)
        let notices = try bench.notices(Self.variables(server))
        try await bench.settle(notices, bench.notice())

        let running = try await bench.claim(SendMailJob.kind)
        let handler = SendMail(database: bench.database, mail: notices.mail, links: notices.links, logger: bench.logger)
        #expect(try await handler(SendMailJob.decode(running.job), running) == .done)
        try await bench.kill(running)
        try await bench.work(notices)

        let taken = try server.takenAtLast()
        #expect(taken.count == 2 && Set(taken.map(\.content)).count == 1)
    }

    @Test("a mailbox that is not there is given up at once, with the reason", arguments: TestEngine.allCases)
    func noSuchMailbox(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let server = try RealMailServer(Self.login)
        let notices = try bench.notices(Self.variables(server))
        try await bench.settle(notices, bench.notice(), recipient: "nobody@example.com")
        try await bench.work(notices)
        #expect(try server.takenAtLast().isEmpty)
        let ended = try #require(try await bench.ended(SendMailJob.kind).first)
        #expect(ended.state == .buried && ended.attempts == 1)
        #expect(
            ended.lastError == "The mail server says that the mailbox does not exist or takes no mail. (550 5.1.1)")
    }

    @Test(
        "a wrong password waits for the owner and stands in no log; put right, the mail goes out",
        arguments: TestEngine.allCases)
    func wrongPassword(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        let server = try RealMailServer(Self.login)
        var variables = Self.variables(server)
        variables["SMTP_URL"] = "smtp://me:wr0ng-w0rd@127.0.0.1:\(server.port)"
        let wrong = try bench.notices(variables)
        try await bench.settle(wrong, bench.notice())
        try await bench.work(wrong)
        let job = try #require(try await bench.open(SendMailJob.kind).first)
        #expect(job.state == .scheduled && job.lastError?.contains("password") == true)
        let log = bench.log.lines.joined(separator: "\n")
        #expect(log.contains("a mail was not sent") && !log.contains("wr0ng") && !log.contains(NoticeBench.address))

        try await bench.bench.passTime()
        try await bench.work(try bench.notices(Self.variables(server)))
        #expect(try server.takenAtLast().count == 1)
    }

    private static func variables(_ server: RealMailServer) -> [String: String] {
        [
            "SMTP_URL": "smtp://me:p4ss-w0rd-of-mine@127.0.0.1:\(server.port)",
            "MAIL_FROM": "VidSift <vidsift@vidsift.example>",
        ]
    }
}
