import Foundation
import Testing

@Suite("vidsift ask, search and transcript")
struct AnswerTests {
    private func library() async throws -> Vidsift {
        let vidsift = try Vidsift()
        try vidsift.writeCaptions(Vidsift.bread, to: "Why bread rises.vtt")
        try vidsift.writeCaptions(Vidsift.tides, to: "Tides [dQw4w9WgXcQ].en.vtt")
        let added = try await vidsift.run("add", ".", "--channel", "talks")
        try #require(added.status == 0, "\(added.errors)")
        return vidsift
    }

    @Test("an answer quotes, cites the moment, and lists its sources with links")
    func asks() async throws {
        let vidsift = try await library()

        let result = try await vidsift.run("ask", "Which machine predicted the tide?")

        #expect(result.status == 0, "\(result)")
        #expect(result.output.contains("Kelvin built a machine"))
        let source = try #require(result.lines.last { $0.contains("https://www.youtube.com/") })
        let second = try #require(Int(source.split(separator: "[0:")[1].prefix(2)))
        #expect(source.hasSuffix("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=\(max(0, second - 1))s"), "\(source)")
        #expect(!result.output.contains("\u{1B}"), "colour and links are for terminals")
        #expect(result.errors.contains("by words alone"))
    }

    @Test("the events come as JSON lines, the session first, done last; the session can be asked on")
    func asksInJSON() async throws {
        let vidsift = try await library()

        let result = try await vidsift.run(
            "ask", "Which machine predicted the tide?", "--channel", "talks", "--json")
        let events = try result.lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let session = try #require(events.first?["sessionId"] as? String)
        let second = try await vidsift.run("ask", "And what catches the gas?", "--session", session, "--json")

        #expect(result.status == 0)
        #expect(events.first?["type"] as? String == "session")
        #expect(events.dropFirst().first?["type"] as? String == "sources")
        #expect(events.last?["type"] as? String == "done" && events.last?["answered"] as? Bool == true)
        #expect(second.output.contains(session))
    }

    @Test("a question that nothing answers ends with exit code 3, here and as JSON")
    func notAnswered() async throws {
        let vidsift = try await library()

        let text = try await vidsift.run("ask", "Who won the football championship in Uruguay?")
        let json = try await vidsift.run("ask", "Who won the football championship in Uruguay?", "--json")

        #expect(text.status == 3, "\(text)")
        #expect(json.status == 3)
        #expect(json.output.contains("\"answered\":false"))
    }

    @Test("questions that can't be asked are refused in one line")
    func refused() async throws {
        let vidsift = try await library()

        let empty = try await vidsift.run("ask", "  ")
        let video = try await vidsift.run("ask", "Why?", "--video", "nothing")
        let channel = try await vidsift.run("ask", "Why?", "--channel", "nobody")
        let session = try await vidsift.run("ask", "Why?", "--session", "x")
        let both = try await vidsift.run("ask", "Why?", "--channel", "a", "--video", "b")

        #expect(empty.status == 1 && empty.errors.hasSuffix("error: The question is empty.\n"))
        #expect(video.status == 1 && video.errors.hasSuffix("error: There is no video \"nothing\".\n"))
        #expect(channel.status == 1 && channel.errors.hasSuffix("error: There is no channel \"nobody\".\n"))
        #expect(session.status == 1 && session.errors.hasSuffix("error: There is no such session.\n"))
        #expect(both.status == 64)
    }

    @Test("a question in another script is answered or not, but does no harm")
    func otherScript() async throws {
        let vidsift = try await library()

        let result = try await vidsift.run("ask", "なぜパンは膨らむのですか")

        #expect(result.status == 0 || result.status == 3)
    }

    @Test("search finds words and phrases, in one video or all, best first")
    func searches() async throws {
        let vidsift = try await library()

        let all = try await vidsift.run("search", "gluten", "--json").list("hits")
        let phrase = try await vidsift.run("search", "\"very little gluten\"", "--mode", "keyword")
        let elsewhere = try await vidsift.run("search", "\"little very gluten\"", "--mode", "keyword", "--json")
        let other = try await vidsift.run("search", "gluten", "--video", "dQw4w9WgXcQ", "--mode", "keyword", "--json")

        #expect(all.first?["videoTitle"] as? String == "Why bread rises")
        #expect(phrase.status == 0 && phrase.output.contains("very little gluten"))
        #expect(try elsewhere.list("hits").isEmpty)
        #expect(try other.list("hits").isEmpty)
        #expect(try await vidsift.run("search", "x", "--limit", "0").status == 64)
    }

    @Test("a search by meaning without a model is refused, not empty")
    func meaningWithoutModel() async throws {
        let vidsift = try await library()

        let result = try await vidsift.run("search", "gluten", "--mode", "semantic")

        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("error: --mode semantic needs an embedding model: "), "\(result.errors)")
    }

    @Test(
        "a transcript comes in four forms, each of which can be added again", arguments: ["txt", "vtt", "srt", "json"])
    func transcripts(format: String) async throws {
        let vidsift = try await library()

        let written = try await vidsift.run("transcript", "Why bread rises", "--format", format)
        try vidsift.write(written.output, to: "again/copy.\(format == "json" ? "json3" : format)")
        let added = try await vidsift.run("add", "again/copy.\(format == "json" ? "json3" : format)")
        let copy = try await vidsift.run("transcript", "copy", "--format", format)

        #expect(written.status == 0 && added.status == 0, "\(added.errors)")
        for sentence in Vidsift.bread { #expect(written.output.contains(sentence)) }
        #expect(copy.output == written.output)
    }

    @Test("escape sequences in captions and titles never reach the reader's terminal")
    func escapes() async throws {
        let vidsift = try Vidsift()
        try vidsift.writeCaptions(["Harbour \u{1B}]0;owned\u{07} lights \u{1B}[31mred\u{9B}2J are on."], to: "a.vtt")
        try await vidsift.run("add", "a.vtt", "--title", "Evil \u{1B}[2J title")

        for arguments in [["list"], ["search", "harbour lights"], ["ask", "harbour lights"]] {
            let result = try await vidsift.shell("$VIDSIFT \(arguments.map { "'\($0)'" }.joined(separator: " "))")

            #expect(!result.output.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x07 || $0.value == 0x9B })
        }
    }

    @Test(
        "with the model, meaning is found without a common word",
        .enabled(if: Fixtures.embeddingFolder != nil, "the embedding model is not installed: scripts/setup"))
    func meaning() async throws {
        let model = try #require(Fixtures.embeddingFolder)
        let vidsift = try Vidsift(modelFolder: model)
        try vidsift.writeCaptions(Vidsift.bread, to: "bread.vtt")
        try vidsift.writeCaptions(Vidsift.tides, to: "tides.vtt")
        let added = try await vidsift.run("add", ".")

        let hits = try await vidsift.run("search", "ocean levels and lunar orbit", "--mode", "semantic", "--json")
            .list("hits")

        #expect(added.status == 0 && !added.errors.contains("words alone"), "\(added.errors)")
        #expect(hits.first?["videoTitle"] as? String == "tides")
    }
}
