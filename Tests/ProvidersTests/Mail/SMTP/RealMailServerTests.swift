import Foundation
import TestModels
import Testing

@testable import Providers

@Suite(
    "A real mail server",
    .enabled(if: RealMailServer.isInstalled, "no mail server is installed: scripts/lib/mail-server.sh"),
    .enabled(if: TestCertificate.isPossible, "openssl is not installed: scripts/setup --for-tests"),
    .serialized, .timeLimit(.minutes(2)))
struct RealMailServerTests {
    private static let login = ["--user", "me@example.com", "--password", "p:a/s s#%ü"]
    private static let loginInURL = "me%40example.com:p%3Aa%2Fs%20s%23%25%C3%BC@"

    @Test("takes a message over STARTTLS with a login, byte for byte", arguments: ["PLAIN", "LOGIN"])
    func startTLS(way: String) async throws {
        try await run(["--encryption", "starttls", "--login", way] + Self.login) { server, certificate in
            let message = try Self.message()
            let mailer = try Self.mailer(
                "smtp://\(Self.loginInURL)localhost:\(server.port)?starttls=required", certificate)
            try await mailer.send(message)
            let taken = try server.taken()
            #expect(taken.encrypted && taken.loggedIn)
            #expect(taken.from == "noreply@vidsift.example" && taken.to == ["reader@example.com"])
            #expect(taken.content == Data(try message.encoded()))
            // The same Message-ID, should it have to be sent again.
            try await mailer.send(message)
            #expect(try server.taken().content == taken.content)
        }
    }

    @Test("takes a message over TLS from the start, by name and by address", arguments: ["localhost", "127.0.0.1"])
    func fromStart(host: String) async throws {
        try await run(["--encryption", "start"] + Self.login) { server, certificate in
            try await Self.mailer("smtps://\(Self.loginInURL)\(host):\(server.port)", certificate).send(Self.message())
            let taken = try server.taken()
            #expect(taken.encrypted && taken.loggedIn)
        }
    }

    @Test("on this machine takes a message without encryption")
    func plain() async throws {
        try await run(["--encryption", "never"] + Self.login) { server, certificate in
            try await Self.mailer("smtp://\(Self.loginInURL)127.0.0.1:\(server.port)", certificate).send(Self.message())
            let taken = try server.taken()
            #expect(!taken.encrypted && taken.loggedIn && taken.hello == "[127.0.0.1]")
        }
    }

    @Test("whose certificate is not believed, or is another's, gets nothing", arguments: [true, false])
    func certificates(isStrange: Bool) async throws {
        try await MailProgram.withFolder { folder in
            let trusted = try TestCertificate(for: "DNS:other.example", in: folder)
            let own = isStrange ? try TestCertificate(for: "DNS:localhost", in: folder) : trusted
            for (encryption, scheme) in [("starttls", "smtp"), ("start", "smtps")] {
                let server = try RealMailServer(
                    ["--encryption", encryption, "--certificate", own.certificate, "--key", own.key] + Self.login)
                defer { server.stop() }
                let starttls = scheme == "smtp" ? "?starttls=required" : ""
                let mailer = try Self.mailer(
                    "\(scheme)://\(Self.loginInURL)localhost:\(server.port)\(starttls)", trusted.certificate)
                let error = await #expect(throws: MailError.self) { try await mailer.send(Self.message()) }
                #expect(error?.kind == .insecure && error?.acceptance == .no, "\(error.debugDescription)")
            }
        }
    }

    @Test("refuses a wrong password, a mailbox that is not there, and who does not log in")
    func refusals() async throws {
        try await run(["--encryption", "starttls"] + Self.login) { server, certificate in
            let address = "localhost:\(server.port)?starttls=required"
            await expect(.unauthorised, 535) {
                try await Self.mailer("smtp://me%40example.com:wrong@\(address)", certificate).send(Self.message())
            }
            await expect(.recipientRefused, 550) {
                try await Self.mailer("smtp://\(Self.loginInURL)\(address)", certificate)
                    .send(Letters.message(to: "nobody@example.com"))
            }
            await expect(.unauthorised, 530) {
                try await Self.mailer("smtp://\(address)", certificate).send(Self.message())
            }
        }
    }

    private func expect(_ kind: MailError.Kind, _ code: Int, _ send: () async throws -> Void) async {
        let error = await #expect(throws: MailError.self) { try await send() }
        #expect(error?.kind == kind && error?.code == code && error?.isRetryable == false, "\(error.debugDescription)")
    }

    private func run(_ arguments: [String], _ body: (RealMailServer, String) async throws -> Void) async throws {
        try await MailProgram.withFolder { folder in
            let own = try TestCertificate(for: "DNS:localhost,IP:127.0.0.1", in: folder)
            let server = try RealMailServer(arguments + ["--certificate", own.certificate, "--key", own.key])
            defer { server.stop() }
            try await body(server, own.certificate)
        }
    }

    private static func mailer(_ url: String, _ certificate: String) throws -> SMTPMailer {
        var configuration = SMTPMailer.Configuration(server: try SMTPServer(url: url))
        configuration.trust = .file(certificate)
        return try SMTPMailer(configuration)
    }

    private static func message() throws -> MailMessage {
        let document = MailDocument([.heading("„Bücher“ is ready"), .paragraph(["All of it.\n.\n", .strong("日本語")])])
        return try Letters.message(
            subject: "„Bücher“ ist fertig 📚", text: document.text + "\n.\n..\nFrom here\n", html: document.html,
            unsubscribe: "https://vidsift.example/u?t=1")
    }
}
