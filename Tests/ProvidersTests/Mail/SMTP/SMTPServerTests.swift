import Testing

@testable import Providers

@Suite("SMTP_URL")
struct SMTPServerTests {
    @Test("says where, how encrypted and as whom")
    func forms() throws {
        try expect("smtp://mail.example.com", "mail.example.com", 587, .required, nil)
        try expect("smtp://user:pass@mail.example.com:25", "mail.example.com", 25, .required, "user:pass")
        try expect("SMTPS://user:pass@Mail.Example.com/", "mail.example.com", 465, .fromStart, "user:pass")
        try expect("smtp://mail.example.com:2525?starttls=optional", "mail.example.com", 2525, .optional, nil)
        try expect("smtp://mail.example.com?starttls=never", "mail.example.com", 587, .never, nil)
        try expect("smtp://a%40b.com:p%3Aa%2Fs%23s%25@h.example", "h.example", 587, .required, "a@b.com:p:a/s#s%")
        try expect("smtp://localhost:1025", "localhost", 1025, .never, nil)
        try expect("smtp://me:pw@127.0.0.1:1025", "127.0.0.1", 1025, .never, "me:pw")
        try expect("smtp://me:pw@[::1]:1025?starttls=required", "::1", 1025, .required, "me:pw")
        try expect("smtps://[2001:db8::1]", "2001:db8::1", 465, .fromStart, nil)
        try expect("smtp://bücher.example", "xn--bcher-kva.example", 587, .required, nil)
    }

    @Test(
        "that can't be understood is refused, without being quoted",
        arguments: [
            "", "mail.example.com", "http://mail.example.com", "smtp://", "smtp:///x", "smtp://:587",
            "smtp://h.example:0",
            "smtp://h.example:99999", "smtp://h.example/path", "smtp://h.example#x", "smtp://user@h.example",
            "smtp://:hunter2@h.example", "smtp://u:hunter2@h.example?tls=yes",
            "smtp://u:hunter2@h.example?starttls=maybe",
            "smtps://u:hunter2@h.example?starttls=never", "smtp://u:hunter2@h.example?starttls=never",
            "smtp://u:hunter2/x@h.example", "smtp://u:hunter2#x@h.example", "smtp://u:hunter2%00@h.example",
            "smtp://u:hunter2@-h.example", "smtp://u:hunter2@h.example\r\nX", "smtp://u:hunter2 @h.example",
        ])
    func refused(url: String) {
        let error = #expect(throws: MailError.self) { try SMTPServer(url: url) }
        #expect(error?.kind == .invalidSettings && error?.isRetryable == false)
        #expect(error?.debugDescription.contains("hunter2") == false)
    }

    @Test("is not shown with its password")
    func secrecy() throws {
        let server = try SMTPServer(url: "smtps://user:hunter2@h.example")
        var dumped = ""
        dump(server, to: &dumped)
        #expect(!dumped.contains("hunter2") && !"\(server)".contains("hunter2"))
    }

    @Test("may want certificates, or a name, that are not there")
    func badConfiguration() throws {
        var configuration = SMTPMailer.Configuration(server: try SMTPServer(url: "smtps://h.example"))
        configuration.trust = .file("/nonexistent/root.pem")
        #expect { try SMTPMailer(configuration) } throws: { ($0 as? MailError)?.kind == .invalidSettings }
        configuration = SMTPMailer.Configuration(server: try SMTPServer(url: "smtp://localhost"), clientName: "a b\r\n")
        #expect { try SMTPMailer(configuration) } throws: { ($0 as? MailError)?.kind == .invalidSettings }
    }

    @Test("that is not set means that there is no mail, and says how to have it")
    func none() async throws {
        let mailer = try MailService.none.mailer()
        let error = await #expect(throws: MailError.self) { try await mailer.send(Letters.message()) }
        #expect(
            error?.kind == .notConfigured && error?.isRetryable == false && error?.reason.contains("SMTP_URL") == true)
        await mailer.close()
    }

    private func expect(
        _ url: String, _ host: String, _ port: Int, _ encryption: SMTPServer.Encryption, _ login: String?
    ) throws {
        let server = try SMTPServer(url: url)
        #expect(server.host == host && server.port == port && server.encryption == encryption, "\(url)")
        #expect(server.credentials.map { "\($0.user):\($0.password.value)" } == login, "\(url)")
    }
}
