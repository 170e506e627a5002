import Testing

@testable import Providers

@Suite("A document for mail")
struct MailDocumentTests {
    private static let nasty = #"<script>alert("1")</script> & 'x' </p> <a href="javascript:1">"#

    @Test("is escaped in every part of its page")
    func escaping() throws {
        let link = try WebLink("https://example.com/?a=1&b=%22")
        let html = MailDocument(
            [
                .heading(Self.nasty), .paragraph([.text(Self.nasty), .strong(Self.nasty), .link(Self.nasty, link)]),
                .list([[.text(Self.nasty)], ["two"]]), .button(Self.nasty, link), .footer([.text(Self.nasty)]),
            ], language: "en\" onload=\"x"
        ).html.source
        #expect(!html.contains("<script") && !html.contains("\"javascript:") && !html.contains("'x'"))
        #expect(!html.contains(#"" onload=""#))
        #expect(html.components(of: "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;") == 7)
        #expect(html.components(of: #"href="https://example.com/?a=1&amp;b=%22""#) == 2)
        // What is ours is all that has angle brackets.
        #expect(html.components(of: "<p") == 3 && html.components(of: "</p>") == 3 && html.components(of: "<li") == 2)
    }

    @Test("is readable as plain text, into which no data can put a line")
    func plainText() throws {
        let document = MailDocument([
            .heading("Ready\nSubject: x"),
            .paragraph([
                "Your channel ", .strong("3Blue1Brown"), " is ", .link("here", try WebLink("http://localhost:4000/c")),
            ]),
            .list([["20 videos"], ["2 failed"]]), .button("Open", try WebLink("https://example.com/")),
            .footer(["You asked for it."]),
        ])
        #expect(
            document.text == """
                Ready Subject: x

                Your channel 3Blue1Brown is here (http://localhost:4000/c)

                - 20 videos
                - 2 failed

                Open: https://example.com/

                --\u{20}
                You asked for it.

                """)
    }

    @Test(
        "has no links but to the web",
        arguments: [
            "javascript:alert(1)", "data:text/html,x", "", "https://", "http:/x", "//example.com", "https://a b",
            "https://a\"b",
            "https://<a>", "mailto:a@example.com", "https://bücher.example/", "https://a\\b", "ftp://example.com",
            "https://" + String(repeating: "a", count: 900),
        ])
    func links(url: String) {
        #expect(throws: MailError.self) { try WebLink(url) }
    }
}

extension String {
    /// How often `part` is in it.
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
