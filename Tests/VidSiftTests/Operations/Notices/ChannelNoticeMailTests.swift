import Foundation
import Providers
import Testing

@testable import VidSift

@Suite("A notice as a message") struct ChannelNoticeMailTests {
    private static let recipient = MailRecipient(
        id: Identifier(), address: "reader@example.com", token: "0123456789abcdef0123456789abcdef")
    private static let date = Date(timeIntervalSince1970: 1_795_402_092)

    @Test("says that all of a channel can be searched, with a link to it and one to end such mail")
    func whole() throws {
        let notice = Self.notice(.whole)
        let message = try Self.message(notice)
        #expect(message.subject == "“Bees” is ready" && "\(message.to.address)" == "reader@example.com")
        #expect(message.text.contains("All of its 20 videos can be searched."))
        #expect(message.text.contains("Open the channel: https://vidsift.example/app/channels/\(notice.channel)"))
        let link = "https://vidsift.example/app/unsubscribe?token=\(Self.recipient.token)"
        #expect(message.text.contains("No more mail from there (\(link))"))
        #expect(message.html?.source.contains("href=\"\(link)\"") == true)
        #expect(message.unsubscribe?.url == link)
    }

    @Test("says how much of a channel is missing, and why")
    func partly() throws {
        let message = try Self.message(Self.notice(.partly))
        #expect(message.subject == "“Bees” is ready: 288 of 300 videos")
        for line in [
            "288 of its 300 videos can be searched.", "- 7 videos without captions", "- 3 videos not available",
            "- 1 video failed", "- 1 video still to come", "- 7 videos: It has no captions.",
            "- 3 videos: It is private.",
        ] {
            #expect(message.text.contains(line), "\(line)")
        }
    }

    @Test("says that nothing of a channel can be searched, and why")
    func failed() throws {
        let message = try Self.message(Self.notice(.nothing, failure: "None of its 2 videos could be indexed."))
        #expect(message.subject == "“Bees” could not be indexed")
        #expect(message.text.contains("\n\nNone of its 2 videos could be indexed.\n\n"))
    }

    @Test("whatever a title or a reason holds, it adds no markup, no header and no line, and turns no words around")
    func hostile() throws {
        var report = ChannelReport.partly
        report.reasons = [
            .init(outcome: .failed, reason: "</li><script>alert(1)</script>\n\nBuy \"this\" & 'that'", videos: 5)
        ]
        var notice = Self.notice(report, title: "x")
        // As no title of the library is: a row could have been changed by hand.
        notice.title = "\u{202E}<img src=x onerror=alert(1)>\r\nBcc: everybody@example.com\u{2028}\0 “you”"
        let message = try Self.message(notice)

        #expect(message.subject.hasPrefix("“<img src=x onerror=alert(1)>"))
        #expect(!message.subject.unicodeScalars.contains("\u{202E}"))
        #expect(message.subject.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 0x2028 })
        let html = try #require(message.html?.source)
        #expect(!html.contains("<script") && !html.contains("<img"))
        #expect(html.contains("&lt;/li&gt;&lt;script&gt;alert(1)&lt;/script&gt;  Buy &quot;this&quot; &amp;"))
        #expect(!message.text.contains("\nBcc:") && !message.text.contains("\nBuy"))
        let names = try Self.headers(of: message).map(\.name)
        #expect(
            names == [
                "Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "List-Unsubscribe",
                "List-Unsubscribe-Post", "Content-Type",
            ])
    }

    @Test("a long title is cut in the subject, and stands in full in the text")
    func longTitle() throws {
        let title = String(repeating: "🐝", count: 500)
        let message = try Self.message(Self.notice(.whole, title: title))
        #expect(message.subject == "“\(String(repeating: "🐝", count: 99))…” is ready")
        #expect(message.text.contains(title))
    }

    @Test("it is the same message each time, by which a repetition is recognised; another notice is another")
    func identity() throws {
        let notice = Self.notice(.partly)
        let stored = try JSONDecoder().decode(ChannelNotice.self, from: try JSONEncoder().encode(notice))
        #expect(stored == notice)
        #expect(try Self.message(stored).encoded() == Self.message(notice).encoded())
        let header = try Self.headers(of: try Self.message(notice)).first { $0.name == "Message-ID" }
        #expect(header?.value == "<channel.\(notice.id)@vidsift.example>")
        #expect(try Self.message(Self.notice(.partly)).id != Self.message(notice).id)
    }

    @Test("one click ends it where our pages have https; without it there is the link alone", arguments: [true, false])
    func oneClick(isEncrypted: Bool) throws {
        let base = isEncrypted ? "https://vidsift.example" : "http://127.0.0.1:4000"
        let message = try Self.message(Self.notice(.whole), pageBase: base)
        let headers = Dictionary(uniqueKeysWithValues: try Self.headers(of: message))
        #expect(headers["List-Unsubscribe"] == "<\(base)/unsubscribe?token=\(Self.recipient.token)>")
        #expect(headers["List-Unsubscribe-Post"] == (isEncrypted ? "List-Unsubscribe=One-Click" : nil))
    }

    @Test("however many and long the reasons are, a notice fits into a job")
    func bounded() throws {
        var report = ChannelReport.partly
        report.reasons = (0..<20).map {
            .init(outcome: .failed, reason: String(repeating: "\u{1}🐝\u{301}", count: 5_000), videos: $0)
        }
        let notice = Self.notice(report, failure: String(repeating: "\u{1}", count: 100_000), title: "🐝")
        #expect(notice.reasons.count == 10 && notice.reasons.allSatisfy { $0.reason.unicodeScalars.count == 300 })
        let job = try NewJob(SendMailJob(notice: notice, recipient: Self.recipient.id))
        #expect(job.payload.utf8.count < NewJob.maximumPayloadBytes / 2)
        #expect(try Self.message(notice).text.utf8.count < 20_000)
    }

    private static func notice(
        _ report: ChannelReport, failure: String? = nil, title: String = "Bees"
    ) -> ChannelNotice {
        let channel = Channel(id: ChannelID(), youtubeID: "UC1", title: title, videos: 0, createdAt: date)
        return ChannelNotice(channel: channel, report: report, failure: failure, job: JobID(), requester: "")
    }

    private static func message(
        _ notice: ChannelNotice, pageBase: String = NoticeBench.pageBase
    ) throws -> MailMessage {
        try notice.message(
            to: recipient, from: Mailbox("VidSift <vidsift@vidsift.example>"), links: NoticeLinks(base: pageBase),
            date: date)
    }

    /// The header fields as they are sent, unfolded.
    private static func headers(of message: MailMessage) throws -> [(name: String, value: String)] {
        let text = String(decoding: try message.encoded(), as: UTF8.self)
        let head = try #require(text.components(separatedBy: "\r\n\r\n").first)
        return head.replacingOccurrences(of: "\r\n ", with: " ").components(separatedBy: "\r\n").map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces))
        }
    }
}
