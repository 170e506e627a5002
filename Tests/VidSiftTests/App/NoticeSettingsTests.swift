import Providers
import Testing

@testable import VidSift

@Suite("Settings of mail and webhooks") struct NoticeSettingsTests {
    @Test("nothing set: nobody is told")
    func nothing() throws {
        let notices = try Settings.resolve(variables: [:]).notices
        #expect(notices.mail == nil && notices.webhook == nil)
    }

    @Test("a mail server with a sender, or a mail service with one")
    func mail() throws {
        let server = try Settings.resolve(variables: [
            "SMTP_URL": "smtps://me:p%40ss@mail.example.com", "MAIL_FROM": "VidSift <a@example.com>",
        ])
        guard case .smtp(let configuration) = server.notices.mail?.service else {
            return #expect(Bool(false), "expected the mail server")
        }
        #expect(configuration.server.host == "mail.example.com" && server.notices.mail?.sender.name == "VidSift")
        let service = try Settings.resolve(variables: ["RESEND_API_KEY": "re_1", "MAIL_FROM": "a@example.com"])
        guard case .resend(let configuration) = service.notices.mail?.service else {
            return #expect(Bool(false), "expected the mail service")
        }
        #expect(configuration.apiKey == "re_1")
    }

    @Test("a webhook with one secret, or with the new and the old one")
    func webhook() throws {
        let secret = "0123456789abcdef"
        for (text, count) in [(secret, 1), ("\(secret), \(secret)x", 2)] {
            let settings = try Settings.resolve(variables: [
                "WEBHOOK_URL": "http://127.0.0.1:5678/hook", "WEBHOOK_SECRET": text,
            ])
            #expect(settings.notices.webhook?.secrets.count == count)
        }
    }

    @Test(
        "what is wrong is said by name, and never with what it holds",
        arguments: [
            (["SMTP_URL": "http://me:s3cret@x", "MAIL_FROM": "a@example.com"], "SMTP_URL: "),
            (["SMTP_URL": "smtp://me:s3cret@a.example?starttls=never", "MAIL_FROM": "a@b.example"], "SMTP_URL: "),
            (["SMTP_URL": "smtp://localhost", "RESEND_API_KEY": "s3cret", "MAIL_FROM": "a@b.example"], "SMTP_URL and"),
            (["SMTP_URL": "smtp://localhost"], "MAIL_FROM is missing"),
            (["RESEND_API_KEY": "s3cret"], "MAIL_FROM is missing"),
            (["MAIL_FROM": "a@b.example"], "MAIL_FROM is set without"),
            (["RESEND_API_KEY": "s3cret", "MAIL_FROM": "s3cret"], "MAIL_FROM: "),
            (["RESEND_API_KEY": "x", "MAIL_FROM": "a@b.example", "APP_URL": "https://bücher.example"], "APP_URL: "),
            (["WEBHOOK_URL": "https://a.example/"], "WEBHOOK_SECRET: "),
            (["WEBHOOK_URL": "https://a.example/", "WEBHOOK_SECRET": "s3cret"], "WEBHOOK_SECRET: "),
            (["WEBHOOK_SECRET": "s3cret-0123456789"], "WEBHOOK_SECRET is set without"),
            (["WEBHOOK_URL": "ftp://s3cret", "WEBHOOK_SECRET": "0123456789abcdef"], "WEBHOOK_URL: "),
            (["WEBHOOK_URL": "https://me:s3cret@a.example/", "WEBHOOK_SECRET": "0123456789abcdef"], "WEBHOOK_URL: "),
        ])
    func problems(variables: [String: String], problem: String) {
        let error = #expect(throws: SettingsError.self) { _ = try Settings.resolve(variables: variables) }
        let problems = error?.problems ?? []
        #expect(problems.count == 1 && problems.allSatisfy { $0.hasPrefix(problem) }, "\(problems)")
        #expect(error?.description.contains("s3cret") == false)
    }

    @Test("the settings in a log show no password, no key and no secret")
    func secrets() throws {
        let settings = try Settings.resolve(variables: [
            "SMTP_URL": "smtp://me:s3cret@mail.example.com", "MAIL_FROM": "a@example.com",
            "WEBHOOK_URL": "https://a.example/", "WEBHOOK_SECRET": "s3cret-s3cret-s3cret",
        ])
        var text = ""
        dump(settings.notices, to: &text)
        #expect(!text.contains("s3cret") && !"\(settings.notices)".contains("s3cret"))
    }

    @Test(
        "the pages of APP_URL may call, wherever they are",
        arguments: [
            ("https://vidsift.example/app", "https://vidsift.example"), ("http://[::1]:4000", "http://[::1]:4000"),
            ("https://vidsift.example:8443/", "https://vidsift.example:8443"),
        ])
    func origins(url: String, origin: String) throws {
        let settings = try Settings.resolve(variables: ["APP_URL": url, "ALLOWED_ORIGINS": "https://other.example"])
        #expect(settings.callingOrigins == ["https://other.example", origin])
    }
}
