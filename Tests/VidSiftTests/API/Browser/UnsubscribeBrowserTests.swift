import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite(
    "Ending mail in a browser", .enabled(if: BrowserDriver.isInstalled, "Chromium or chromedriver is not installed"),
    .serialized, .timeLimit(.minutes(5)))
struct UnsubscribeBrowserTests {
    private static let address = "reader@example.com"

    /// Runs the body with a server, a browser, somebody who gets mail, and his link.
    private func run(
        _ variables: [String: String] = [:], engine: TestEngine = .sqlite,
        _ body: @escaping @Sendable (TestServer, Browser, MailRecipient, String) async throws -> Void
    ) async throws {
        try await TestServer.run(variables, engine: engine) { server in
            let recipient = try await server.components.database.transaction {
                try await MailRecipient.ensure(Self.address, on: $0)
            }
            let link = "http://127.0.0.1:\(server.port)/unsubscribe?token=\(recipient.token)"
            try await Browser.run { browser in try await body(server, browser, recipient, link) }
        }
    }

    @Test(
        "the link shows a button, the button ends mail, and the next one lets it begin again",
        arguments: TestEngine.allCases)
    func button(engine: TestEngine) async throws {
        try await run(engine: engine) { server, browser, recipient, link in
            try await browser.open(link)
            #expect(try await browser.text().contains("Press the button"))
            #expect(try await !server.refuses(recipient), "to open the link ends nothing")

            try await browser.press("form button")
            #expect(try await browser.text().contains("You get no more mail"))
            #expect(try await server.refuses(recipient))

            try await browser.open(link)
            #expect(try await browser.text().contains("You get no more mail"), "it is so the next time, too")
            try await browser.press("form button")
            #expect(try await browser.text().contains("Press the button"))
            #expect(try await !server.refuses(recipient))
        }
    }

    @Test("nothing tells whose mail it is, and nothing is loaded from elsewhere or run")
    func nothingElse() async throws {
        try await run { _, browser, _, link in
            try await browser.open(link)
            let page = try await browser.evaluate("document.documentElement.outerHTML") as? String ?? ""
            #expect(!page.contains(Self.address) && page.contains("</form>"))
            let loaded = try await browser.evaluate("performance.getEntriesByType('resource').map(r => r.name)")
            // Browsers ask for an icon by themselves.
            #expect((loaded as? [String])?.filter { !$0.hasSuffix("/favicon.ico") } == [])
            let parts = "document.querySelectorAll('script, img, iframe, link, object').length"
            #expect(try await browser.evaluate(parts) as? Int == 0)
        }
    }

    @Test("a link that is not known, or cut, is told in words; what stands in it is text")
    func unknown() async throws {
        let evil = "%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D'taken'%22%3E"
        try await run { server, browser, recipient, link in
            let cut = String(link.dropLast())
            for broken in [link + "0", cut, link + evil, "\(link)&token=\(evil)", String(link.prefix { $0 != "?" })] {
                try await browser.open(broken)
                #expect(try await browser.text().contains("This link does not work"), "\(broken)")
                #expect(try await browser.evaluate("document.title") as? String == "Mail from VidSift")
                #expect(try await browser.evaluate("document.querySelectorAll('img, form').length") as? Int == 0)
            }
            #expect(try await !server.refuses(recipient))
        }
    }

    @Test("on a phone and on a desk all of it is to be seen, and the button is large enough for a thumb")
    func sizes() async throws {
        try await run { _, browser, _, link in
            for width in [360, 1_280] {
                try await browser.resize(width: width, height: 640)
                for page in [link, link + "0"] {
                    try await browser.open(page)
                    let widest = try await browser.evaluate("document.documentElement.scrollWidth") as? Int
                    #expect(widest == width)
                }
                try await browser.open(link)
                let height = try await browser.evaluate("document.querySelector('button').offsetHeight") as? Int
                #expect(height.map { $0 >= 44 } == true)
            }
        }
    }

    @Test("another page's form ends nothing: only the page of the link itself may send it")
    func anotherPage() async throws {
        try await run { server, browser, recipient, link in
            let form = "<form method=post action='\(link)'><button>x</button></form>"
            try await browser.open("data:text/html,\(form)")
            try await browser.press("button")
            #expect(try await !server.refuses(recipient))
        }
    }
}

extension TestServer {
    fileprivate func refuses(_ recipient: MailRecipient) async throws -> Bool {
        try await MailRecipient.get(recipient.id, on: components.database)?.refusedAt != nil
    }
}
