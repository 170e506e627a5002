import Testing

@testable import Providers

@Suite("A feed's document")
struct YouTubeFeedDocumentTests {
    @Test("has its channel without UC, which is put back, or else in its address")
    func channels() throws {
        let bare = try Self.read("<feed><yt:channelId>sXVk37bltHxD1rDPwtNM8Q</yt:channelId></feed>")
        #expect(bare.channel?.rawValue == "UCsXVk37bltHxD1rDPwtNM8Q")
        let whole = try Self.read("<feed><yt:channelId>UCsXVk37bltHxD1rDPwtNM8Q</yt:channelId></feed>")
        #expect(whole.channel == bare.channel)
        let link = try Self.read(
            #"<feed><yt:channelId/><link rel="alternate" href="https://www.youtube.com/channel/UCsXVk37bltHxD1rDPwtNM8Q"/></feed>"#
        )
        #expect(link.channel == bare.channel)
        #expect(try Self.read("<feed><yt:channelId>nonsense</yt:channelId></feed>").channel == nil)
    }

    @Test("has titles in plain text, times or none, and passes over entries without an id")
    func entries() throws {
        let document = try Self.read(
            """
            <feed><title>A &amp; B</title>
            <entry><yt:videoId>dQw4w9WgXcQ</yt:videoId><title>R&amp;D &lt;3 &#x1F600;<![CDATA[ <x>]]></title>
            <media:group><media:title>other</media:title><media:community><media:statistics views="7"/></media:community>
            </media:group><author><name>n</name><title>not this</title></author></entry>
            <entry><yt:videoId>short</yt:videoId></entry><entry/>
            </feed>
            """)
        #expect(document.title == "A & B" && document.skipped == 2 && document.entries.count == 1)
        #expect(document.entries[0].title == "R&D <3 \u{1F600} <x>")
        #expect(document.entries[0].publishedAt == nil && document.entries[0].views == 7)
    }

    @Test(
        "is refused where it is no feed, cut short, or built to hurt",
        arguments: [
            ("", "it is empty"), ("<feed>", "it is cut short"), ("<feed", "it is cut short"),
            ("<html></html>", "it is no feed"), ("<feed></fed>", "its tags do not match"),
            ("<feed/><feed/>", "it has more than one root"), ("<feed/>x", "there is text outside of its elements"),
            ("<!DOCTYPE feed><feed/>", "it declares a document type"),
            (
                "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><feed>&lol2;</feed>",
                "it declares a document type"
            ),
            ("<!DOCTYPE f [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><feed>&x;</feed>", "it declares a document type"),
            ("<feed><!ENTITY x \"y\"></feed>", "it declares a document type"),
            ("<feed>&x;</feed>", "it has an entity that is not known"),
            ("<feed>&#0;</feed>", "it has an entity that is not known"),
            ("<feed>&#xD800;</feed>", "it has an entity that is not known"),
            ("<feed>&#x110000;</feed>", "it has an entity that is not known"),
            ("<feed>&amp</feed>", "it has an entity that is not known"),
            ("<feed>&#+5;</feed>", "it has an entity that is not known"),
            ("<feed a='1' a='2'/>", "an attribute comes twice"), ("<feed a=1/>", "a tag is not well-formed"),
            ("<feed a='<'/>", "a tag is not well-formed"), ("<feed><!-- x", "it is cut short"),
            ("<feed><![CDATA[x]]", "it is cut short"), ("< feed/>", "a tag is not well-formed"),
            (String(repeating: "<feed>", count: 100), "its elements are nested too deep"),
            (
                "<feed>" + String(repeating: "<entry><yt:videoId>dQw4w9WgXcQ</yt:videoId></entry>", count: 201)
                    + "</feed>",
                "it has more than 200 entries"
            ),
        ])
    func refused(xml: String, reason: String) {
        #expect(throws: XMLScanner.Malformed(reason)) { try Self.read(xml) }
    }

    @Test("is refused where it is not UTF-8; a mark of byte order before it is passed over")
    func encodings() throws {
        #expect(throws: XMLScanner.Malformed("it is not UTF-8")) {
            try YouTubeFeedDocument(xml: Array("<feed>".utf8) + [0xFF] + Array("</feed>".utf8))
        }
        let xml = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- x --><feed\n a = 'b' ></feed >\n"
        #expect(try Self.read(xml) == YouTubeFeedDocument(channel: nil, title: "", entries: []))
    }

    @Test("is read or refused, never crashed on, whatever is cut out of it or put into it")
    func mutations() throws {
        let whole = Array(
            """
            <?xml version="1.0"?><feed xmlns:yt="y"><title>A &amp; B</title><link rel="alternate" href="/UC"/>
            <entry><yt:videoId>dQw4w9WgXcQ</yt:videoId><published>2026-01-22T15:01:42+00:00</published></entry></feed>
            """.utf8)
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var read = 0
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0...random(3) where !bytes.isEmpty {
                switch random(3) {
                case 0: bytes[random(bytes.count)] = UInt8(random(256))
                case 1: bytes.removeSubrange(random(bytes.count)...)
                default:
                    let marks = Array("<&;>/='\"!-]".utf8)
                    bytes.insert(contentsOf: marks[random(marks.count)...].prefix(3), at: random(bytes.count))
                }
            }
            guard let document = try? YouTubeFeedDocument(xml: bytes) else { continue }
            read += 1
            #expect(document.entries.count <= 1)
        }
        #expect(read > 100)
    }

    private static func read(_ xml: String) throws -> YouTubeFeedDocument {
        try YouTubeFeedDocument(xml: Array(xml.utf8))
    }
}
