import Database
import NIOCore
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("Ending mail", .timeLimit(.minutes(2))) struct UnsubscribeTests {
    @Test("the link alone ends nothing, its button does, and mail can begin again", arguments: TestEngine.allCases)
    func page(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let recipient = try await server.recipient("reader@example.com")
            let other = try await server.recipient("other@example.com")
            let path = "/unsubscribe?token=\(recipient.token)"

            let page = try await server.get(path)
            #expect(page.status == 200 && page.text.contains("<button>No more mail</button>"))
            #expect(page.text.contains(#"<form method="post" action="?token=\#(recipient.token)">"#))
            #expect(!page.text.contains("example.com"))
            #expect(page.headers.first(name: "cache-control") == "no-store")
            let policy = page.headers.first(name: "content-security-policy")
            #expect(policy?.contains("form-action 'self'") == true && policy?.contains("'none'; style-src") == true)
            // With `no-referrer` a browser says that the form comes from nowhere.
            #expect(page.headers.first(name: "referrer-policy") == "same-origin")
            for method in [HTTPMethod.HEAD, .GET] { _ = try await server.send(method, path) }
            #expect(try await server.refuses(recipient) == false)

            let origin = ("origin", "http://127.0.0.1:\(server.port)")
            let ended = try await server.send(.POST, path, headers: [origin])
            #expect(ended.status == 200 && ended.text.contains("No more mail goes"))
            #expect(try await server.refuses(recipient))
            #expect(try await server.refuses(other) == false)

            let again = try #require(ended.text.firstMatch(of: /action="(.*?)"/)?.1)
            let begun = try await server.send(
                .POST, "/unsubscribe" + again.replacing("&amp;", with: "&"), headers: [origin])
            #expect(begun.status == 200 && begun.text.contains("<button>No more mail</button>"))
            #expect(try await server.refuses(recipient) == false)
        }
    }

    @Test("a mail program ends it by its own button, in whichever form it sends it", arguments: TestEngine.allCases)
    func oneClick(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let part = #"Content-Disposition: form-data; name="List-Unsubscribe""#
            let multipart = "--x\r\n\(part)\r\n\r\nOne-Click\r\n--x--\r\n"
            for (type, body) in [
                ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
                ("multipart/form-data; boundary=x", multipart), ("text/plain", ""),
            ] {
                let recipient = try await server.recipient("\(body.count)@example.com")
                for _ in 0..<2 {
                    let answer = try await server.send(
                        .POST, "/unsubscribe?token=\(recipient.token)", headers: [("content-type", type)],
                        body: ByteBuffer(string: body))
                    #expect(answer.status == 200)
                }
                #expect(try await server.refuses(recipient))
            }
        }
    }

    @Test("a link that nobody was sent is not known, one without a token is none", arguments: TestEngine.allCases)
    func unknown(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let recipient = try await server.recipient("reader@example.com")
            for method in [HTTPMethod.GET, .POST] {
                for token in ["", "x", "%27%20OR%201=1", String(recipient.token.dropLast()), "%25"] {
                    try await server.send(method, "/unsubscribe?token=\(token)").expectProblem(404, "not_found")
                }
                for query in ["", "?token=%00", "?token=a&token=b"] {
                    try await server.send(method, "/unsubscribe\(query)").expectProblem(400, "invalid_request")
                }
            }
            let path = "/unsubscribe?token=\(recipient.token)"
            try await server.send(.POST, path + "&again=perhaps").expectProblem(400, "invalid_request")
            let large = ByteBuffer(repeating: 65, count: 20_000)
            try await server.send(.POST, path, body: large).expectProblem(413, "payload_too_large")
            #expect(try await server.refuses(recipient) == false)
        }
    }

    @Test("whoever opens a wrong link in a browser gets a page, in which all is text", arguments: TestEngine.allCases)
    func wrongLinks(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let recipient = try await server.recipient("reader@example.com")
            let accept = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            let cases = [
                ("?token=\(recipient.token)0", 404), ("?token=\(recipient.token.dropLast())", 404), ("", 400),
                ("?token=\(recipient.token)&again=%3Cscript%3E%22", 400),
            ]
            for (query, status) in cases {
                let page = try await server.send(.POST, "/unsubscribe" + query, headers: [accept])
                #expect(page.status == status && page.text.contains("<h1>This link does not work</h1>"))
                #expect(page.headers.first(name: "content-type") == "text/html; charset=utf-8")
                #expect(page.headers.first(name: "cache-control") == "no-store")
                #expect(!page.text.contains("<script") && !page.text.contains("<form"))
            }
            #expect(try await server.refuses(recipient) == false)
        }
    }

    @Test("behind a proxy the button works, too: the pages of APP_URL may call", arguments: TestEngine.allCases)
    func proxied(engine: TestEngine) async throws {
        try await TestServer.run(["APP_URL": "https://vidsift.example/app"], engine: engine) { server in
            let recipient = try await server.recipient("reader@example.com")
            let path = "/unsubscribe?token=\(recipient.token)"
            try await server.send(.POST, path, headers: [("origin", "https://evil.example")])
                .expectProblem(403, "forbidden")
            let answer = try await server.send(.POST, path, headers: [("origin", "https://vidsift.example")])
            #expect(answer.status == 200)
            #expect(try await server.refuses(recipient))
        }
    }
}

extension TestServer {
    fileprivate func recipient(_ address: String) async throws -> MailRecipient {
        try await components.database.transaction { try await MailRecipient.ensure(address, on: $0) }
    }

    fileprivate func refuses(_ recipient: MailRecipient) async throws -> Bool {
        try await MailRecipient.get(recipient.id, on: components.database)?.refusedAt != nil
    }
}
