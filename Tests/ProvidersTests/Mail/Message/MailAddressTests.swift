import Testing

@testable import Providers

@Suite("A mail address")
struct MailAddressTests {
    @Test(
        "is taken as people write it",
        arguments: [
            ("a@example.com", "a@example.com"), (" a@example.com\t", "a@example.com"),
            ("First.Last+tag@Sub.Example.COM", "First.Last+tag@sub.example.com"),
            ("o'brien_{x}|~!#$%&*-/=?^`@example.com", "o'brien_{x}|~!#$%&*-/=?^`@example.com"),
            ("root@localhost", "root@localhost"), ("a@bücher.example", "a@xn--bcher-kva.example"),
            ("a@BÜCHER.example", "a@xn--bcher-kva.example"), ("a@例え.テスト", "a@xn--r8jz45g.xn--zckzah"),
            ("a@пример.рф", "a@xn--e1afmkfd.xn--p1ai"), ("a@straße.de", "a@xn--strae-oqa.de"),
            ("a@example。com", "a@example.com"), ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
            ("a@1.example.io", "a@1.example.io"),
        ])
    func taken(text: String, address: String) throws {
        #expect(try "\(MailAddress(text))" == address)
    }

    @Test(
        "that can't be one is refused",
        arguments: [
            "", "a", "@", "a@", "@example.com", "a b@example.com", "a@exam ple.com", "a@@example.com",
            "a@b@example.com",
            ".a@example.com", "a.@example.com", "a..b@example.com", "\"a b\"@example.com", "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@example", "a@.com", "a@example..com", "a@example.com.", "a@-example.com", "a@example-.com",
            "a@exa_mple.com",
            "ü@example.com", "a@example.com,b@example.com", "a@example.com>", "<a@example.com>", "a(b)@example.com",
            "a@exa\u{200b}mple.com/x", "a@ex%61mple.com", "a:b@example.com", "a;b@example.com", "a\\@example.com",
            String(repeating: "a", count: 65) + "@example.com",
            "a@" + String(repeating: "a", count: 64) + ".com", "a@" + String(repeating: "abcdefgh.", count: 30) + "com",
            "a@" + String(repeating: "ü", count: 60) + ".com", String(repeating: "x", count: 100_000) + "@example.com",
        ])
    func refused(text: String) {
        #expect(throws: MailError.self) { try MailAddress(text) }
    }

    @Test("is not quoted in the error about it")
    func privacy() {
        let error = #expect(throws: MailError.self) { try MailAddress("john doe@example.com") }
        #expect(error?.debugDescription.contains("john") == false)
    }

    @Test(
        "may have a name",
        arguments: [
            ("a@example.com", ""), ("VidSift <a@example.com>", "VidSift"),
            ("\"Vid, Sift\" <a@example.com>", "Vid, Sift"),
            ("<a@example.com>", ""), (#""a \"b\" \\" <a@example.com> "#, #"a "b" \"#), ("Ü b <a@example.com>", "Ü b"),
        ])
    func names(text: String, name: String) throws {
        let mailbox = try Mailbox(text)
        #expect(mailbox.name == name && "\(mailbox.address)" == "a@example.com")
        #expect(try Mailbox(mailbox.line) == mailbox)
    }

    @Test(
        "with a name that is not closed, or too long, is refused",
        arguments: [
            "a <a@example.com", "a <b", "a@example.com <", String(repeating: "n", count: 201) + " <a@example.com>",
        ])
    func badMailboxes(text: String) {
        #expect(throws: MailError.self) { try Mailbox(text) }
    }
}
