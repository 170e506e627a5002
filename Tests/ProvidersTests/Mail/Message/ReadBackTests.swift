import Foundation
import Testing

@testable import Providers

@Suite("What Python's mail package reads")
struct ReadBackTests {
    @Test("is exactly what was written, of any text in any part", .timeLimit(.minutes(2)))
    func exactness() async throws {
        var numbers = RandomNumbers(seed: 20_261_123)
        let messages = try (0..<400).map { try Letters.random($0, using: &numbers) } + Self.corners()
        let found = try await read(messages)
        try #require(found.count == messages.count)
        for (message, found) in zip(messages, found) {
            #expect(found.from == [message.from.name, "\(message.from.address)"])
            #expect(found.to == [message.to.name, "\(message.to.address)"])
            #expect(Array(found.subject.unicodeScalars) == Array(message.subject.unicodeScalars), "\(message.subject)")
            #expect(found.seconds == Int(message.date.timeIntervalSince1970))
            #expect(found.id == "\(message.id)")
            #expect(found.unsubscribe == message.unsubscribe.map { "<\($0)>" })
            #expect(found.oneClick == message.unsubscribe.map { _ in "List-Unsubscribe=One-Click" })
            #expect(found.text == Self.lines(message.text), "\(message.text.debugDescription)")
            #expect(found.html == message.html.map { Self.lines($0.source) })
            let types = ["multipart/alternative", "text/plain", "text/html"]
            #expect(found.types == (message.html == nil ? ["text/plain"] : types))
            #expect(found.defects == [])
            #expect(found.longestLine <= 78 || message.unsubscribe != nil)
            #expect(found.isASCII && found.bareLineEnds == 0)
        }
    }

    /// What a random generator is not likely to find.
    private static func corners() throws -> [MailMessage] {
        let subjects = [
            "", " ", "  two  spaces  ", String(repeating: "a", count: 998),
            String(repeating: "word ", count: 300) + "end",
            "=?UTF-8?B?w6k=?=", "ends with a colon:", "\u{202e}reversed", String(repeating: "👩‍👩‍👧‍👦", count: 40),
            "e" + String(repeating: "\u{301}", count: 200), "a\u{1F600}", "tab is not taken".replacing("\t", with: ""),
        ]
        let texts = [
            "", "\n", ".", ".\n.\n", "\r\n", "no end", "a=\nb", "trailing \n", "\0\u{1}\u{7f}", "\u{feff}bom",
            String(repeating: "x", count: 5000), String(repeating: "ü", count: 5000), "mixed\rline\nends\r\n",
            String(repeating: " ", count: 200), "=\n=20\n",
        ]
        return try subjects.map { try Letters.message(subject: $0) }
            + texts.map { try Letters.message(text: $0, html: MailDocument([.paragraph([.text($0)])]).html) }
            + texts.map { try Letters.message(text: $0) }
    }

    /// Each line with its end, the last one, too.
    private static func lines(_ text: String) -> String {
        String(decoding: TransferEncoding.canonical(text), as: UTF8.self).replacing("\r\n", with: "\n")
    }

    private struct Found: Decodable {
        var from: [String]
        var to: [String]
        var subject: String
        var seconds: Int
        var id: String
        var unsubscribe: String?
        var oneClick: String?
        var types: [String]
        var text: String?
        var html: String?
        var defects: [String]
        var longestLine: Int
        var isASCII: Bool
        var bareLineEnds: Int
    }

    private func read(_ messages: [MailMessage]) async throws -> [Found] {
        try await MailProgram.withFolder { folder in
            for (index, message) in messages.enumerated() {
                let name = String(format: "%05d.eml", index)
                try Data(message.encoded()).write(to: folder.appendingPathComponent(name))
            }
            let script = TestFiles.root.appendingPathComponent("Tests/ProvidersTests/Resources/read-mail.py").path
            return try MailProgram.output(["python3", script, folder.path]).split(separator: UInt8(ascii: "\n"))
                .map { try JSONDecoder().decode(Found.self, from: $0) }
        }
    }
}
