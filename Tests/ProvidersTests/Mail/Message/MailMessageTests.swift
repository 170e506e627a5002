import Foundation
import Testing

@testable import Providers

@Suite("A mail message")
struct MailMessageTests {
    @Test("is written as RFC 5322 and MIME want it")
    func form() throws {
        let message = try Letters.message(
            subject: "Dein Kanal „Bücher“ ist fertig", html: MailDocument([.paragraph(["Ready"])]).html,
            unsubscribe: "https://vidsift.example/unsubscribe?t=abc")
        let lines = String(decoding: try message.encoded(), as: UTF8.self).components(separatedBy: "\r\n")
        let head = lines.prefix { !$0.isEmpty }
        #expect(
            Array(head) == [
                "Date: Mon, 23 Nov 2026 02:48:12 +0000", "From: VidSift <noreply@vidsift.example>",
                "To: reader@example.com",
                "Subject: =?UTF-8?B?RGVpbiBLYW5hbCDigJ5Cw7xjaGVy4oCcIGlzdCBmZXJ0aWc=?=",
                "Message-ID: <0193f0a2@vidsift.example>", "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
                "List-Unsubscribe: <https://vidsift.example/unsubscribe?t=abc>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "Content-Type: multipart/alternative;",
                " boundary=\"=_303139336630613240766964736966742E657861_=\"",
            ])
        #expect(lines.last == "" && lines.dropLast().last?.hasSuffix("_=--") == true)
    }

    @Test("has one click to unsubscribe with only where the link is encrypted")
    func unsubscribe() throws {
        let plain = try Letters.message(unsubscribe: "http://localhost:4000/unsubscribe").encoded()
        let text = String(decoding: plain, as: UTF8.self)
        #expect(text.contains("List-Unsubscribe: <http://localhost:4000/unsubscribe>\r\n"))
        #expect(!text.contains("List-Unsubscribe-Post"))
        #expect(try !String(decoding: Letters.message().encoded(), as: UTF8.self).contains("List-Unsubscribe"))
    }

    @Test("is the same each time, byte for byte")
    func stability() throws {
        var numbers = RandomNumbers(seed: 6)
        let message = try Letters.random(1, using: &numbers)
        #expect(try message.encoded() == message.encoded())
    }

    @Test(
        "is refused with a line break, NUL or control character in a header",
        arguments: [
            "a\r\nBcc: all@example.com", "a\nb", "a\rb", "a\0b", "a\u{7f}b", "a\u{85}b", "a\u{2028}b", "\u{1b}[2J",
        ])
    func injection(text: String) throws {
        expectInvalid { try Letters.message(subject: text).encoded() }
        expectInvalid { try Mailbox(name: text, address: MailAddress("a@example.com")) }
        expectInvalid { try MailAddress("a@example.com\(text)") }
        expectInvalid { try MailAddress("\(text)@example.com") }
        expectInvalid { try MessageID(unique: text, domain: "example.com") }
        expectInvalid { try MessageID(unique: "a", domain: text) }
        expectInvalid { try WebLink("https://example.com/\(text)") }
        expectInvalid { try Mailbox("\(text) <a@example.com>") }
    }

    @Test("is refused when it is larger than the limit")
    func size() throws {
        let text = String(repeating: "x", count: MailMessage.maximumBytes + 1)
        expectInvalid { try Letters.message(subject: "", text: text).encoded() }
        expectInvalid { try Letters.message(subject: "x", text: String(text.dropFirst())).encoded() }
        let longest = try Letters.message(subject: "", text: String(text.dropFirst()))
        #expect(try longest.encoded().count > MailMessage.maximumBytes)
    }

    @Test(
        "has a date in UTC, whatever the date",
        arguments: [
            (0.0, "Thu, 01 Jan 1970 00:00:00 +0000"), (951_782_399, "Mon, 28 Feb 2000 23:59:59 +0000"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 +0000"),
            (1_795_402_092.9, "Mon, 23 Nov 2026 02:48:12 +0000"), (-5, "Thu, 01 Jan 1970 00:00:00 +0000"),
            (.infinity, "Fri, 31 Dec 9999 23:59:59 +0000"),
        ])
    func dates(seconds: Double, text: String) {
        #expect(MailDate.text(Date(timeIntervalSince1970: seconds)) == text)
    }

    private func expectInvalid(_ body: () throws -> some Any) {
        #expect {
            _ = try body()
        } throws: { error in
            (error as? MailError)?.kind == .invalidMessage && (error as? MailError)?.isRetryable == false
        }
    }
}
