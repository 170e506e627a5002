import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite struct TitleTests {
    @Test(
        "control characters go, and white space is one space",
        arguments: [
            (" How\ttides\nare  predicted ", "How tides are predicted"), ("Rye\u{0}bread\u{1B}", "Rye bread"),
            ("\u{85}Brot\u{9F}", "Brot"), ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
        ])
    func tidied(text: String, title: String) {
        #expect(Title(text)?.text == title)
    }

    @Test("nothing that can be read is no title", arguments: ["", "  ", "\u{0}\u{7}\n", "\u{3000}"])
    func nothing(text: String) {
        #expect(Title(text) == nil)
    }

    @Test("a title is cut by what the schema counts: code points, not characters", arguments: TestEngine.allCases)
    func cut(engine: TestEngine) async throws {
        let flags = String(repeating: "🇩🇪", count: 400)
        let title = try #require(Title(flags))
        #expect(title.text.unicodeScalars.count == Title.maximumLength)

        let library = try await TestLibrary(engine: engine)
        let outcome = try await library.add(SampleTalks.bees, channel: .named(flags), title: flags)
        let video = try await Video.get(outcome.videoID, on: library.components.database)
        #expect(video?.title == title.text)
        #expect(try await Channel.find(flags, on: library.components.database)?.title == title.text)
    }

    @Test(
        "a title or a name with NUL in it is taken without it, and an empty channel's name is refused",
        arguments: TestEngine.allCases)
    func unreadable(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let outcome = try await library.add(SampleTalks.bees, channel: .named("A\u{0}B"), title: "\u{0}Bees")
        #expect(try await Video.get(outcome.videoID, on: library.components.database)?.title == "Bees")
        #expect(try await Channel.find("A B", on: library.components.database)?.videos == 1)

        await #expect(throws: IngestError.noChannelName) {
            try await library.add(SampleTalks.bees, channel: .named(" \u{0}"))
        }
        let unnamed = try await library.add(SampleTalks.canals, named: "\u{1}.vtt", title: " ")
        #expect(try await Video.get(unnamed.videoID, on: library.components.database)?.title == ".vtt")
    }
}
