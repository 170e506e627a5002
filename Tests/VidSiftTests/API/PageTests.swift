import Crypto
import Foundation
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("Pages for people", .timeLimit(.minutes(2)))
struct PageTests {
    private static let evil = """
        WEBVTT

        00:00:01.000 --> 00:00:02.000
        First &lt;script&gt;alert(1)&lt;/script&gt; words.

        00:01:23.200 --> 00:01:31.000
        Rye "bread" & 'butter'.
        """

    @Test(
        "the page of a citation marks the cue that is said there; whatever was said is escaped",
        arguments: TestEngine.allCases)
    func transcript(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let form = try await server.upload(
                Self.evil, as: "evil.vtt", fields: [("title", #"<img src=x onerror="a">"#)])
            let id = try #require(try form.json()["videoId"] as? String)
            try await server.library.indexAll()

            let page = try await server.get("/videos/\(id)?t=82")

            #expect(page.status == 200)
            #expect(page.headers.first(name: "content-type") == "text/html; charset=utf-8")
            #expect(!page.text.contains("<script") && !page.text.contains("<img"))
            #expect(page.text.contains("First &lt;script&gt;alert(1)&lt;/script&gt; words."))
            #expect(page.text.contains("<h1>&lt;img src=x onerror=&quot;a&quot;&gt;</h1>"))
            let marked = try #require(page.text.split(separator: "\n").first { $0.contains(#"id="now""#) })
            #expect(
                marked.contains("autofocus") && marked.contains("1:23")
                    && marked.contains("Rye &quot;bread&quot; &amp; &#39;butter&#39;."))
            let plain = try await server.get("/videos/\(id)")
            #expect(!plain.text.contains(#"id="now""#))
            try await server.get("/videos/\(id)?t=x").expectProblem(400, "invalid_request", naming: "t")
        }
    }

    @Test("the first page lists the recordings and what this is", arguments: TestEngine.allCases)
    func library(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            #expect(try await server.get("/").text.contains("Nothing is here yet"))
            let id = try await server.add(Samples.bread, as: "a<b>.vtt")
            let page = try await server.get("/").text
            #expect(page.contains(#"<a href="/videos/\#(id)">a&lt;b&gt;</a>"#))
            let first = try await server.add(Samples.tides, as: "tides.vtt")
            let paged = try await server.get("/?limit=1").text
            #expect(paged.contains(#"<a href="/?cursor=\#(id)">"#) && !paged.contains(first.description))
        }
    }

    @Test(
        "pages may load and run nothing, and the policy names the hash of the very style",
        arguments: TestEngine.allCases)
    func policy(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let page = try await server.get("/")
            let policy = try #require(page.headers.first(name: "content-security-policy"))
            #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe"))
            let style = try #require(page.text.firstMatch(of: /<style>((?s:.*?))<\/style>/)?.1)
            let hash = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
            #expect(policy.contains("style-src 'sha256-\(hash)'"))
            #expect(page.headers.first(name: "x-content-type-options") == "nosniff")
        }
    }
}
