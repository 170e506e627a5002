import Captions
import Database
import Foundation
import NIOCore
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite struct AskTests {
    @Test(
        "a question is answered by a quote whose citation is the second at which it was said",
        arguments: TestEngine.allCases)
    func answers(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.vtt")

        let events = try await library.ask("How many eggs does the queen lay in a day?")

        let outcome = try #require(events.outcome)
        #expect(outcome.isAnswered)
        let citation = try #require(outcome.citations.first)
        #expect(citation.text.contains("two thousand eggs"))
        #expect(citation.start == MediaTime(milliseconds: 6000))
        #expect(citation.status == .verified)
        #expect(events.text.contains("[0:06]"))
    }

    @Test(
        "events come in the contract's order: session, sources, content with its citation, done once",
        arguments: TestEngine.allCases)
    func order(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        let names = try await library.ask("What do bees do in winter?").map(\.name)
        #expect(names.prefix(2) == ["session", "sources"])
        #expect(names.last == "done" && names.count { $0 == "done" } == 1)
        for (index, name) in names.enumerated() where name == "citation" { #expect(names[index - 1] == "content") }
    }

    @Test("what was not said is refused, with the nearest moments", arguments: TestEngine.allCases)
    func refuses(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        let events = try await library.ask("Which stock exchange lists submarine manufacturers?")
        #expect(events.outcome?.reason == .notSaid)
    }

    @Test("an empty library says that there is no transcript", arguments: TestEngine.allCases)
    func emptyLibrary(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let events = try await library.ask("Anything?")
        #expect(events.outcome?.reason == .noTranscript)
    }

    @Test("a video that waits for its index says so", arguments: TestEngine.allCases)
    func pending(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        _ = try await library.accept(SampleTalks.bees)
        #expect(try await library.ask("What do bees do in winter?").outcome?.reason == .notIndexedYet)
    }

    @Test("a question about one video is not answered from another", arguments: TestEngine.allCases)
    func scope(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        try await library.add(SampleTalks.canals, named: "canals.vtt")
        let events = try await library.ask("What lifts a boat?", about: .init(videos: ["canals"]))
        #expect(events.outcome?.isAnswered == true)
        #expect(events.sources.allSatisfy { $0.video.title == "canals" })
        let others = try await library.ask("What lifts a boat?", about: .init(videos: ["bees"]))
        #expect(others.sources.allSatisfy { $0.video.title == "bees" })
        #expect(others.outcome?.isAnswered == false)
    }

    @Test("where several videos are in scope the citation names the video", arguments: TestEngine.allCases)
    func titles(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.canals, named: "canals.vtt", title: "Up and \"down\"")
        #expect(try await library.ask("What lifts a boat?").text.contains(#"[0:00] "Up and 'down'""#))
    }

    @Test(
        "empty questions and questions of signs alone are refused before anything is stored",
        arguments: ["", " \n", "?!"], TestEngine.allCases)
    func emptyQuestion(text: String, engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        await #expect(throws: AskError.emptyQuestion) {
            _ = try await library.components.ask.begin(Question(text: text, owner: "owner"))
        }
        #expect(try await ChatSession.recent(owner: "owner", limit: 10, on: library.components.database).isEmpty)
    }

    @Test("a question in another script is answered or refused like any other", arguments: TestEngine.allCases)
    func otherScript(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        let events = try await library.ask("Сколько яиц откладывает матка? 女王蜂は卵をいくつ産む？ كم بيضة؟")
        #expect(events.outcome != nil)
    }

    @Test("unknown videos, channels and other people's sessions do not exist", arguments: TestEngine.allCases)
    func unknown(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let ask = library.components.ask
        await #expect(throws: AskError.noSuchVideo("nope")) {
            _ = try await ask.begin(Question(text: "why?", owner: "a", subject: .init(videos: ["nope"])))
        }
        await #expect(throws: AskError.noSuchChannel("nope")) {
            _ = try await ask.begin(Question(text: "why?", owner: "a", subject: .init(channel: "nope")))
        }
        let run = try await ask.begin(Question(text: "why?", owner: "a"))
        await #expect(throws: AskError.noSuchSession) {
            _ = try await ask.begin(Question(text: "why?", owner: "b", session: run.session))
        }
    }

    @Test("question and answer are stored, and a further question joins the session", arguments: TestEngine.allCases)
    func history(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        let first = try await library.run(Question(text: "How many eggs does the queen lay?", owner: "owner")).run
        _ = try await library.run(
            Question(text: "What do bees do in winter?", owner: "owner", session: first.session))

        let messages = try await ChatMessage.list(
            of: first.session, limit: 10, offset: 0, on: library.components.database)

        #expect(messages.map(\.role) == [.user, .assistant, .user, .assistant])
        #expect(messages[1].citations.contains("\"timestamp\":\"0:06\""))
        #expect(messages[1].answered && messages[1].state == .complete)
        let session = try await ChatSession.recent(owner: "owner", limit: 10, on: library.components.database)
        #expect(session.map(\.title) == ["How many eggs does the queen lay?"])
    }

    @Test(
        "what was said in a session is the history of its next question, and nothing else is",
        arguments: TestEngine.allCases)
    func historyOfRun(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        let said = [ChatTurn(.user, "Hello?"), ChatTurn(.assistant, "Yes.")]
        let first = try await library.run(
            Question(text: "How many eggs does the queen lay?", owner: "owner", history: said))

        let second = try await library.components.ask.begin(
            Question(text: "And in winter?", owner: "owner", session: first.run.session, history: said))

        #expect(first.run.history == said)
        #expect(
            second.history == [
                ChatTurn(.user, "How many eggs does the queen lay?"), ChatTurn(.assistant, first.events.text),
            ])
    }

    @Test(
        "text in a transcript is data: quotes, tags and backslashes arrive as they were said",
        arguments: TestEngine.allCases)
    func data(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let said = #"He typed </script> and "DROP TABLE videos;" \ into the marmalade form."#
        let escaped = said.replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;")
        try await library.add(SampleTalks.vtt([escaped, "Nothing happened after that."]), named: "talk.vtt")
        let events = try await library.ask("What was typed into the marmalade form?")
        #expect(events.outcome?.citations.first?.text.contains(said) == true)
        var json = JSONWriter()
        for event in events { event.write(to: &json) }
        #expect(!String(buffer: json.buffer).contains("</script>"))
    }
}

extension AnswerEvent {
    var name: String {
        switch self {
        case .session: "session"
        case .sources: "sources"
        case .content: "content"
        case .citation: "citation"
        case .done: "done"
        case .failed: "error"
        }
    }
}

extension [AnswerEvent] {
    var outcome: AnswerEvent.Outcome? {
        for case .done(let outcome) in self { return outcome }
        return nil
    }

    var text: String {
        reduce(into: "") { text, event in
            if case .content(let part) = event { text += part }
        }
    }

    var sources: [AnswerEvent.Source] {
        for case .sources(let sources, _) in self { return sources }
        return []
    }
}
