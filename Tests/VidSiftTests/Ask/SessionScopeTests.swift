import Database
import Foundation
import TestDatabases
import Testing

@testable import VidSift

@Suite struct SessionScopeTests {
    private static let aboutBoats = "What lifts a boat?"
    private static let aboutBees = "How many eggs does the queen lay in a day?"

    /// Asks on in a session.
    private func ask(_ text: String, in session: SessionID, of library: TestLibrary) async throws -> [AnswerEvent] {
        try await library.run(Question(text: text, owner: "owner", session: session)).events
    }

    private func begin(about subject: Question.Subject, in library: TestLibrary) async throws -> SessionID {
        try await library.components.ask.begin(Question(text: Self.aboutBees, owner: "owner", subject: subject)).session
    }

    @Test(
        "a session about a deleted video answers that there is no transcript, never from other videos",
        arguments: TestEngine.allCases)
    func deletedVideo(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let bees = try await library.add(SampleTalks.bees, named: "bees.vtt").videoID
        try await library.add(SampleTalks.canals, named: "canals.vtt")
        let session = try await begin(about: .init(videos: ["bees"]), in: library)

        _ = try await library.components.database.transaction { try await Video.delete(bees, on: $0) }

        let events = try await ask(Self.aboutBoats, in: session, of: library)
        #expect(events.outcome?.reason == .noTranscript)
        #expect(events.sources.isEmpty)
    }

    @Test(
        "a session about a deleted channel answers that there is no transcript, never from other videos",
        arguments: TestEngine.allCases)
    func deletedChannel(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.vtt", channel: .named("Bees"))
        try await library.add(SampleTalks.canals, named: "canals.vtt")
        let session = try await begin(about: .init(channel: "Bees"), in: library)
        let database = library.components.database
        let channel = try #require(try await Channel.find("Bees", on: database))

        _ = try await database.transaction { try await Channel.delete(channel.id, on: $0) }

        let events = try await ask(Self.aboutBoats, in: session, of: library)
        #expect(events.outcome?.reason == .noTranscript)
        #expect(events.sources.isEmpty)
    }

    @Test(
        "a session about several videos goes on about them, and about the one that is left",
        arguments: TestEngine.allCases)
    func severalVideos(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let bees = try await library.add(SampleTalks.bees, named: "bees.vtt").videoID
        let hives = try await library.add(SampleTalks.hives, named: "hives.vtt").videoID
        try await library.add(SampleTalks.canals, named: "canals.vtt")
        let session = try await begin(about: .init(videos: ["bees", "hives", "bees"]), in: library)

        #expect(try await ask(Self.aboutBees, in: session, of: library).outcome?.isAnswered == true)
        let outside = try await ask(Self.aboutBoats, in: session, of: library)
        #expect(outside.sources.allSatisfy { [bees, hives].contains($0.video.id) })
        #expect(outside.outcome?.isAnswered == false)

        _ = try await library.components.database.transaction { try await Video.delete(bees, on: $0) }
        let left = try await ask("Which wood is a hive made of?", in: session, of: library)
        #expect(Set(left.sources.map(\.video.id)) == [hives])

        _ = try await library.components.database.transaction { try await Video.delete(hives, on: $0) }
        #expect(try await ask(Self.aboutBoats, in: session, of: library).outcome?.reason == .noTranscript)
    }

    @Test(
        "a scope without videos finds nothing", arguments: [Scope.videos([]), .videos([VideoID()])], TestEngine.allCases
    )
    func emptyScope(scope: Scope, engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.canals, named: "canals.vtt")
        let found = try await library.components.retriever.retrieve(
            .init(question: Self.aboutBoats, scope: scope, limit: 10))
        #expect(found.passages.isEmpty)
        #expect(Gate().refusal(found, question: Self.aboutBoats) == .noTranscript)
    }

    @Test(
        "a scope is stored and read as it was",
        arguments: [Scope.everything, .channel(ChannelID()), .videos([]), .videos([VideoID(), VideoID()])],
        TestEngine.allCases)
    func stored(scope: Scope, engine: TestEngine) async throws {
        let database = try await TestLibrary(engine: engine).components.database
        let id = try await ChatSession.create(owner: "owner", scope: .everything, title: "any", on: database)
        // Set apart from the ids, which must exist.
        try await database.execute("UPDATE chat_sessions SET scope = \(scope) WHERE id = \(id)")
        #expect(try await ChatSession.get(id, owner: "owner", on: database)?.scope == scope)
    }

    @Test(
        "a scope that can't be read is an error, and never everything",
        arguments: [#"{"videos":"a"}"#, #"{"videos":[],"channel":"b"}"#, #"{"channel":7}"#], TestEngine.allCases)
    func unreadable(text: String, engine: TestEngine) async throws {
        let database = try await TestLibrary(engine: engine).components.database
        let id = try await ChatSession.create(owner: "owner", scope: .everything, title: "any", on: database)
        try await database.execute("UPDATE chat_sessions SET scope = \(text) WHERE id = \(id)")
        let error = await #expect(throws: DatabaseError.self) {
            _ = try await ChatSession.get(id, owner: "owner", on: database)
        }
        #expect(error?.kind == .decoding)
    }
}

extension SampleTalks {
    /// A talk about what bees live in.
    static let hives = vtt([
        "A hive is made of cedar wood, which stands the rain for many years.",
        "Ten frames hang in each box with a bee space between them.",
    ])
}
