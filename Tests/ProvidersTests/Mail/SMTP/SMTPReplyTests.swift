import Testing

@testable import Providers

@Suite("A mail server's reply")
struct SMTPReplyTests {
    @Test("is read the same however it is cut")
    func cuts() throws {
        let text = "220 hi\r\n250-one\r\n250-\r\n250 2.1.5 three\n354\r\n550-5.1.1 no\r\n550 such user\r\n"
        let expected = [
            SMTPReply(code: 220, lines: ["hi"]), SMTPReply(code: 250, lines: ["one", "", "2.1.5 three"]),
            SMTPReply(code: 354, lines: [""]), SMTPReply(code: 550, lines: ["5.1.1 no", "such user"]),
        ]
        var numbers = RandomNumbers(seed: 1)
        for _ in 0..<300 {
            var parser = SMTPReplyParser()
            var replies: [SMTPReply] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...12, using: &numbers)
                try parser.append(rest.prefix(count))
                rest = rest.dropFirst(count)
                while let reply = try parser.next() { replies.append(reply) }
            }
            #expect(replies == expected && parser.isEmpty)
        }
    }

    @Test("that is garbage ends in an error or in nothing, and takes no more than the limit")
    func garbage() {
        var numbers = RandomNumbers(seed: 2)
        let pieces = [
            "2", "5", "0", "250", "250-", "250 ", "\r", "\n", "\r\n", "-", " ", "x", "\0", "é", "99999999999",
        ]
        for _ in 0..<3000 {
            var parser = SMTPReplyParser()
            for _ in 0..<40 {
                let text = pieces.randomElement(using: &numbers) ?? ""
                guard (try? parser.append(text.utf8)) != nil, (try? parser.next()) != nil else { break }
            }
        }
    }

    @Test(
        "has a longest line and a longest whole",
        arguments: [
            (String(repeating: "2", count: 5000), SMTPReplyParser.Fault.lineTooLong),
            ("220 " + String(repeating: "x", count: 5000) + "\r\n", .lineTooLong),
            (String(repeating: "220-x\r\n", count: 10_000), .replyTooLong),
        ])
    func limits(text: String, fault: SMTPReplyParser.Fault) {
        #expect(throws: fault) {
            var parser = SMTPReplyParser()
            for byte in text.utf8 {
                try parser.append([byte])
                _ = try parser.next()
            }
        }
    }

    @Test(
        "may have an enhanced code",
        arguments: [
            (SMTPReply(code: 550, lines: ["5.1.1 no"]), "5.1.1"), (SMTPReply(code: 451, lines: ["4.7.100"]), "4.7.100"),
            (SMTPReply(code: 550, lines: ["4.1.1 no"]), nil), (SMTPReply(code: 550, lines: ["5.1 no"]), nil),
            (SMTPReply(code: 550, lines: ["5.1.1234 no"]), nil), (SMTPReply(code: 550, lines: ["mailbox 5.1.1"]), nil),
            (SMTPReply(code: 550, lines: []), nil),
        ])
    func enhancedCodes(reply: SMTPReply, code: String?) {
        #expect(reply.enhancedCode == code)
    }

    @Test("to EHLO says what the server can do")
    func extensions() {
        let found = SMTPOffer(
            SMTPReply(
                code: 250,
                lines: [
                    "mail STARTTLS", "PIPELINING", "SIZE 35882577", "starttls", "AUTH PLAIN login", "AUTH=CRAM-MD5",
                ]))
        #expect(found.offersEncryption && found.takesSize && found.maximumBytes == 35_882_577)
        #expect(found.logins == ["PLAIN", "LOGIN", "CRAM-MD5"])
        let none = SMTPOffer(SMTPReply(code: 250, lines: ["mail STARTTLS", "SIZE 0", "SIZE x"]))
        #expect(!none.offersEncryption && none.maximumBytes == nil && none.logins.isEmpty)
    }

    @Test(
        "is asked for with each dot at the beginning of a line doubled",
        arguments: [
            ("", "\r\n"), (".", "..\r\n"), ("a\r\n.\r\nb", "a\r\n..\r\nb\r\n"), ("a.b\r\n", "a.b\r\n"),
            ("..\r\n", "...\r\n"),
        ])
    func dots(text: String, stuffed: String) {
        #expect(String(decoding: SMTPContent.stuffed(Array(text.utf8)), as: UTF8.self) == stuffed)
    }
}
