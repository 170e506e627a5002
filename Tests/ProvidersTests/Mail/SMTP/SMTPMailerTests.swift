import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import Providers

@Suite("A mail server", .timeLimit(.minutes(1)))
struct SMTPMailerTests {
    @Test("is told who writes to whom, and gets the message with its dots doubled")
    func session() async throws {
        try await ScriptedMailServer.run(.session()) { server, port in
            try await Self.mailer(port, "client.example").send(Letters.message(text: ".\n..two\nx.y\n"))
            let lines = server.lines
            try #require(lines.count == 6)
            #expect(lines[0] == "EHLO client.example")
            #expect(lines[1].hasPrefix("MAIL FROM:<noreply@vidsift.example> SIZE="))
            #expect(lines[2] == "RCPT TO:<reader@example.com>")
            #expect(lines[3] == "DATA" && lines[5] == "QUIT")
            #expect(lines[4].hasSuffix("\r\n\r\n..\r\n...two\r\nx.y"))
        }
    }

    @Test("that is older than EHLO is greeted as it knows")
    func oldServer() async throws {
        let script: [ScriptedMailServer.Step] =
            [.say("220 hi\r\n"), .line, .say("502 what?\r\n")] + [ScriptedMailServer.Step].session().dropFirst()
        try await ScriptedMailServer.run(script) { server, port in
            try await Self.mailer(port).send(Letters.message())
            let sender = "MAIL FROM:<noreply@vidsift.example>"
            #expect(Array(server.lines.prefix(3)) == ["EHLO [127.0.0.1]", "HELO [127.0.0.1]", sender])
        }
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var script: [ScriptedMailServer.Step]
        var kind: MailError.Kind
        var isRetryable: Bool
        var acceptance: MailError.Acceptance = .no
        var code: Int?
        var words = ""

        init(
            _ name: String, _ script: [ScriptedMailServer.Step], _ kind: MailError.Kind, retry: Bool,
            _ acceptance: MailError.Acceptance = .no, code: Int? = nil, words: String = ""
        ) {
            testDescription = name
            (self.script, self.kind, isRetryable) = (script, kind, retry)
            (self.acceptance, self.code, self.words) = (acceptance, code, words)
        }
    }

    static let refusals: [Failure] = [
        Failure("greylists", .session(recipient: "451 4.7.1 greylisted\r\n"), .deferred, retry: true, code: 451),
        Failure(
            "knows no such mailbox", .session(recipient: "550 5.1.1 no such user\r\n"), .recipientRefused, retry: false,
            code: 550),
        Failure(
            "says so without a code", .session(recipient: "550 unknown\r\n"), .recipientRefused, retry: false, code: 550
        ),
        Failure("does not relay", .session(recipient: "550 5.7.1 denied\r\n"), .refused, retry: false, code: 550),
        Failure(
            "does not relay, in old words", .session(recipient: "554 denied\r\n"), .refused, retry: false, code: 554),
        Failure("wants a login", .session(sender: "530 5.7.0 login first\r\n"), .unauthorised, retry: false, code: 530),
        Failure("refuses the sender", .session(sender: "553 5.7.1 not yours\r\n"), .refused, retry: false, code: 553),
        Failure("is full", .session(data: "452 4.3.1 full\r\n"), .deferred, retry: true, code: 452),
        Failure("takes no data, nor says why", .session(data: "250 ok\r\n"), .invalidResponse, retry: true, code: 250),
        Failure(
            "refuses the message", .session(end: [.say("554 5.6.0 spam\r\n")]), .refused, retry: false, code: 554),
        Failure(
            "wants the message later", .session(end: [.say("451 4.3.0 later\r\n")]), .deferred, retry: true, code: 451),
        Failure(
            "refuses the message before it has it", .session(data: "354 go\r\n552 5.3.4 too big\r\n"), .refused,
            retry: false,
            code: 552),
        Failure("greets with no", [.say("554 go away\r\n"), .hangUp], .refused, retry: false, code: 554),
        Failure("is busy", [.say("421 4.3.2 busy\r\n"), .hangUp], .deferred, retry: true, code: 421),
        Failure(
            "hangs up between two commands", .session(hello: "250 ok\r\n421 bye\r\n"), .deferred, retry: true, code: 421
        ),
        Failure("takes only short messages", .session(hello: "250-x\r\n250 SIZE 10\r\n"), .refused, retry: false),
    ]

    static let silences: [Failure] = [
        Failure("never greets", [.hang], .timeout, retry: true, words: "(greeting)"),
        Failure("never answers", [.say("220 hi\r\n"), .line, .hang], .timeout, retry: true, words: "(EHLO)"),
        Failure(
            "begins an answer", [.say("220 hi\r\n"), .line, .say("250-mail"), .hang], .timeout, retry: true,
            words: "(EHLO)"),
        Failure(
            "has the message and says nothing", .session(end: [.hang]), .timeout, retry: true, .unknown,
            words: "(end of DATA)"),
        Failure("has the message and hangs up", .session(end: [.hangUp]), .connection, retry: true, .unknown),
        Failure(
            "has the message and talks nonsense", .session(end: [.say("ok!\r\n")]), .invalidResponse, retry: true,
            .unknown),
        Failure(
            "has the message and asks for more", .session(end: [.say("354 more\r\n")]), .invalidResponse, retry: true,
            .unknown, code: 354),
        Failure("hangs up", [.hangUp], .connection, retry: true),
        Failure("hangs up later", [.say("220 hi\r\n"), .line, .hangUp], .connection, retry: true),
        Failure(
            "is something else", [.say("SSH-2.0-OpenSSH_9.2\r\n")], .invalidResponse, retry: true, words: "speak SMTP"),
        Failure("is a web server", [.say("HTTP/1.1 400 Bad Request\r\n\r\n")], .invalidResponse, retry: true),
        Failure("talks in bytes", [.say("\u{16}\u{3}\u{1}\0\r\n")], .invalidResponse, retry: true),
        Failure("mixes its codes", .session(hello: "250-a\r\n550 b\r\n"), .invalidResponse, retry: true),
        Failure(
            "says it twice", .session(sender: "250 ok\r\n250 ok\r\n"), .invalidResponse, retry: true, words: "asked"),
        Failure(
            "has no end of lines", [.say("220 hi\r\n"), .line, .flood("250-more\r\n")], .invalidResponse, retry: true,
            words: "too long"),
        Failure("has no end of line", [.flood("220 and ")], .invalidResponse, retry: true, words: "too long"),
    ]

    @Test("that refuses is told from one that is passing, where it", arguments: refusals)
    func refusal(failure: Failure) async throws { try await check(failure) }

    @Test("that fails leaves known whether the message may be taken, where it", arguments: silences)
    func silence(failure: Failure) async throws { try await check(failure) }

    private func check(_ failure: Failure) async throws {
        try await ScriptedMailServer.run(failure.script) { _, port in
            let mailer = try Self.mailer(port) { timeouts in
                // Only the step that is to take too long is short: the machine may be busy in the others.
                switch failure.words {
                case "(greeting)": timeouts.greeting = .milliseconds(200)
                case "(EHLO)": timeouts.command = .milliseconds(200)
                case "(end of DATA)": timeouts.acceptance = .milliseconds(200)
                default: break
                }
            }
            let error = await #expect(throws: MailError.self) { try await mailer.send(Letters.message()) }
            let words = error?.debugDescription ?? ""
            #expect(error?.kind == failure.kind, "\(words)")
            #expect(error?.isRetryable == failure.isRetryable && error?.acceptance == failure.acceptance, "\(words)")
            #expect(
                error?.code == failure.code && (failure.words.isEmpty || error?.reason.contains(failure.words) == true),
                "\(words)")
        }
    }

    @Test("that nobody runs is a failed connection")
    func nobodyThere() async throws {
        let port = try await ScriptedMailServer.run([]) { _, port in port }
        let error = await #expect(throws: MailError.self) { try await Self.mailer(port).send(Letters.message()) }
        #expect(error?.kind == .connection && error?.acceptance == .no && error?.isRetryable == true)
    }

    @Test(
        "is hung up on when the task is cancelled, whatever it is doing",
        arguments: [
            [.hang], [.say("220 hi\r\n"), .line, .hang], .session(data: "", end: []).dropLast() + [.hang],
        ] as [[ScriptedMailServer.Step]])
    func cancellation(script: [ScriptedMailServer.Step]) async throws {
        try await ScriptedMailServer.run(script) { server, port in
            let mailer = try Self.mailer(port)
            let sending = Task { try await mailer.send(Letters.message()) }
            for await event in server.events where event == .hanging { break }
            sending.cancel()
            await #expect(throws: CancellationError.self) { try await sending.value }
            for await event in server.events where event == .disconnected { break }
        }
    }

    @Test("that has the message when the task is cancelled may have taken it, and the error says so")
    func lateCancellation() async throws {
        try await ScriptedMailServer.run(.session(end: [.hang])) { server, port in
            let mailer = try Self.mailer(port)
            let sending = Task { try await mailer.send(Letters.message()) }
            for await event in server.events where event == .hanging { break }
            sending.cancel()
            let error = await #expect(throws: MailError.self) { try await sending.value }
            #expect(error?.acceptance == .unknown)
        }
    }

    @Test(
        "that has taken the message is believed, whatever it does then",
        arguments: [
            [.say("250 ok\r\n"), .hangUp], [.say("250 ok\r\n"), .line, .hang],
            [.say("250 ok\r\n"), .line, .say("500 ?\r\n")],
            [.say("250 ok\r\nnonsense")],
        ] as [[ScriptedMailServer.Step]])
    func taken(end: [ScriptedMailServer.Step]) async throws {
        try await ScriptedMailServer.run(.session(end: end)) { server, port in
            try await Self.mailer(port) { $0.farewell = .milliseconds(100) }.send(Letters.message())
        }
    }

    // MARK: Secrets

    @Test("that does not encrypt gets no password, unless it is this machine")
    func unencrypted() async throws {
        guard let address = try Self.ownAddress() else {
            return print("skipped: this machine has no address but loopback")
        }
        try await ScriptedMailServer.run(.session(hello: "250-x\r\n250 AUTH PLAIN LOGIN\r\n"), host: address) {
            server, port in
            let url = "smtp://me:hunter2@\(address):\(port)?starttls=optional"
            let mailer = try SMTPMailer(SMTPMailer.Configuration(server: SMTPServer(url: url)))
            let error = await #expect(throws: MailError.self) { try await mailer.send(Letters.message()) }
            #expect(error?.kind == .insecure)
            #expect(server.lines.count == 1 && server.lines.first?.hasPrefix("EHLO") == true)
        }
    }

    @Test("that does not offer encryption where it is required gets nothing")
    func stripped() async throws {
        try await ScriptedMailServer.run(.session()) { server, port in
            let error = await #expect(throws: MailError.self) {
                try await Self.mailer(port, query: "?starttls=required").send(Letters.message())
            }
            #expect(error?.kind == .insecure && error?.isRetryable == true)
            #expect(server.lines == ["EHLO [127.0.0.1]"])
        }
    }

    @Test(
        "that says more than its answer before encryption begins is not believed",
        arguments: [
            "220 go\r\n250 injected\r\n", "220 go\r\n250-inj",
        ])
    func injected(answer: String) async throws {
        let script: [ScriptedMailServer.Step] = [
            .say("220 hi\r\n"), .line, .say("250-x\r\n250 STARTTLS\r\n"), .line, .say(answer), .hang,
        ]
        try await ScriptedMailServer.run(script) { server, port in
            let error = await #expect(throws: MailError.self) {
                try await Self.mailer(port, query: "?starttls=required").send(Letters.message())
            }
            #expect(error?.kind == .invalidResponse)
            #expect(server.lines == ["EHLO [127.0.0.1]", "STARTTLS"])
        }
    }

    @Test(
        "that offers encryption and then does not encrypt gets nothing",
        arguments: [
            ([.say("220 go\r\n"), .anything, .say("this is not TLS\r\n")], MailError.Kind.insecure),
            ([.say("220 go\r\n"), .anything, .hangUp], .insecure), ([.say("220 go\r\n"), .hang], .timeout),
            ([.say("454 4.7.0 not now\r\n")], .deferred), ([.say("501 no\r\n")], .insecure),
        ] as [([ScriptedMailServer.Step], MailError.Kind)])
    func brokenEncryption(rest: [ScriptedMailServer.Step], kind: MailError.Kind) async throws {
        let script: [ScriptedMailServer.Step] = [.say("220 hi\r\n"), .line, .say("250-x\r\n250 STARTTLS\r\n"), .line]
        try await ScriptedMailServer.run(script + rest) { server, port in
            let mailer = try Self.mailer(port, query: "?starttls=required") {
                if kind == .timeout { $0.encrypting = .milliseconds(200) }
            }
            let error = await #expect(throws: MailError.self) { try await mailer.send(Letters.message()) }
            #expect(
                error?.kind == kind && error?.acceptance == .no && error?.isRetryable == true,
                "\(error.debugDescription)")
            #expect(server.lines == ["EHLO [127.0.0.1]", "STARTTLS"])
        }
    }

    @Test(
        "that repeats the password is not repeated",
        arguments: [
            "hunter2", Data("hunter2".utf8).base64EncodedString(), Data("\0me\0hunter2".utf8).base64EncodedString(),
        ])
    func secrecy(repeated: String) async throws {
        let script: [ScriptedMailServer.Step] = [
            .say("220 hi\r\n"), .line, .say("250-x\r\n250 AUTH PLAIN\r\n"), .line,
            .say("535 5.7.8 no: \(repeated) \r\n"),
        ]
        try await ScriptedMailServer.run(script) { server, port in
            let mailer = try Self.mailer(port, login: "me:hunter2@")
            let error = await #expect(throws: MailError.self) { try await mailer.send(Letters.message()) }
            #expect(server.lines.last == "AUTH PLAIN \(Data("\0me\0hunter2".utf8).base64EncodedString())")
            #expect(error?.kind == .unauthorised && error?.isRetryable == false && error?.enhancedCode == "5.7.8")
            #expect(error?.detail == "AUTH: 535 5.7.8 no: [key]")
            var dumped = ""
            dump(mailer, to: &dumped)
            #expect(!dumped.contains("hunter2") && !"\(mailer)".contains("hunter2"))
        }
    }

    // MARK: A mailer

    private static func mailer(
        _ port: Int, _ name: String? = nil, login: String = "", query: String = "",
        _ change: (inout SMTPMailer.Timeouts) -> Void = { _ in }
    ) throws -> SMTPMailer {
        let server = try SMTPServer(url: "smtp://\(login)127.0.0.1:\(port)\(query)")
        var configuration = SMTPMailer.Configuration(server: server, clientName: name)
        change(&configuration.timeouts)
        return try SMTPMailer(configuration)
    }

    /// An address of this machine that is not loopback.
    private static func ownAddress() throws -> String? {
        let addresses = try System.enumerateDevices().compactMap(\.address).filter { address in
            guard case .v4 = address else { return false }
            return IPAddress(address)?.range != .loopback
        }
        return addresses.first?.ipAddress
    }
}
