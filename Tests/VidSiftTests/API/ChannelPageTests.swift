import TestDatabases
import Testing

@testable import VidSift

@Suite("The page of a channel", .timeLimit(.minutes(2))) struct ChannelPageTests {
    @Test("it lists the channel's videos, escaped, page by page", arguments: TestEngine.allCases)
    func channel(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let first = try await server.add(Samples.bread, as: "a<b>.vtt", channel: "<i>Talks</i>")
            let second = try await server.add(Samples.tides, as: "tides.vtt", channel: "<i>Talks</i>")
            let elsewhere = try await server.add(Samples.tides, as: "elsewhere.vtt")
            let channel = try #require(try await Video.find("\(first)", on: server.components.database)?.channelID)

            let page = try await server.get("/channels/\(channel)")
            #expect(page.status == 200 && page.text.contains("<h1>&lt;i&gt;Talks&lt;/i&gt;</h1>"))
            #expect(page.text.contains("2 videos") && page.text.contains("a&lt;b&gt;"))
            #expect(page.text.contains("/videos/\(second)") && !page.text.contains("/videos/\(elsewhere)"))
            let paged = try await server.get("/channels/\(channel)?limit=1")
            #expect(paged.text.contains(#"<a href="?cursor=\#(first)">"#) && !paged.text.contains("\(second)"))
            try await server.get("/channels/\(ChannelID())").expectProblem(404, "not_found")
        }
    }
}
