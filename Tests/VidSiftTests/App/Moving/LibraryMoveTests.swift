import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("Moving a library", .timeLimit(.minutes(2))) struct LibraryMoveTests {
    @Test(
        "it moves to either engine and back with equal rows, the same answers, and is searched by SQL as well",
        arguments: TestEngine.allCases, TestEngine.allCases)
    func thereAndBack(home: TestEngine, away: TestEngine) async throws {
        let one = try await FullLibrary.make(on: home)
        let two = try await TestLibrary(engine: away)
        let three = try await TestLibrary(engine: home)

        let there = try await one.move(to: two)
        let back = try await two.move(to: three)

        for outcome in there + back {
            #expect(outcome.isEqual, "\(outcome)")
            #expect(outcome.written == outcome.source.rows && outcome.written > 0, "\(outcome)")
        }
        #expect(there.map(\.target) == back.map(\.target))
        #expect(try await LibraryRows.differing(one, two) == [])
        #expect(try await LibraryRows.differing(one, three) == [])
        for library in [one, two, three] { try await expectSearchRows(in: library) }
        for question in [FullLibrary.question, "What closes the chamber of a lock?", "Who won the cup?"] {
            let answers = [
                try await one.answer(question), try await two.answer(question), try await three.answer(question),
            ]
            #expect(Set(answers.map(\.text)).count == 1)
            #expect(Set(answers.map(\.citations)).count == 1)
        }
        #expect(try await two.answer(FullLibrary.question).citations.isEmpty == false)
    }

    @Test(
        "what waits for its index is indexed on the other side, and a conversation goes on there",
        arguments: TestEngine.allCases, TestEngine.allCases)
    func goesOn(home: TestEngine, away: TestEngine) async throws {
        let one = try await FullLibrary.make(on: home)
        let two = try await TestLibrary(engine: away)
        let session = try #require(
            try await ChatSession.recent(owner: "owner", limit: 1, on: one.components.database).first)
        _ = try await one.move(to: two)
        let database = two.components.database

        try await two.components.adoptOrphans()
        try await two.indexAll()
        _ = try await two.run(
            Question(text: "Who cut the lens into rings?", owner: "owner", session: session.id)
        )

        #expect(try await PendingIngest.count(on: database) == 0)
        #expect(try await two.answer("Who cut the lens into rings?").text.contains("Fresnel"))
        let messages = try await ChatMessage.list(of: session.id, limit: 10, offset: 0, on: database)
        #expect(messages.map(\.role) == [.user, .assistant, .user, .assistant])
        #expect(messages.first?.content == FullLibrary.question && messages.last?.content.contains("Fresnel") == true)
    }

    @Test(
        "copied twice it writes nothing the second time; what has changed at the source meanwhile follows",
        arguments: TestEngine.allCases, TestEngine.allCases)
    func again(home: TestEngine, away: TestEngine) async throws {
        let one = try await FullLibrary.make(on: home)
        let two = try await TestLibrary(engine: away)
        _ = try await one.move(to: two)

        let second = try await one.move(to: two)
        #expect(second.allSatisfy { $0.isEqual && $0.written == 0 }, "\(second)")

        // The talk that waited has an index, another has become shorter, one is new.
        try await one.indexAll()
        try await one.add(
            SampleTalks.vtt(["Drones do not work.", "They leave in autumn."]), named: "bees.en.vtt",
            channel: .named("Nature"), title: "Drones")
        try await one.add(SampleTalks.bees, named: "more.vtt")
        let third = try await one.move(to: two)

        #expect(third.allSatisfy { $0.isEqual } && third.contains { $0.written > 0 }, "\(third)")
        #expect(try await LibraryRows.differing(one, two) == [])
        try await expectSearchRows(in: two)
        #expect(try await two.answer("When do drones leave?").text.contains("autumn"))
    }

    @Test(
        "stopped at any point it goes on when it is run again", arguments: TestEngine.allCases,
        [1, 2, 3, 5, 6, 8, 9, 10, 14])
    func stopped(away: TestEngine, point: Int) async throws {
        let one = try await StoppedLibraries.source.value
        let two = try await TestLibrary(engine: away)
        let reports = Counter()

        await #expect(throws: CancellationError.self) {
            _ = try await one.move(to: two) { _ in
                if reports.next() == point { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        let rest = try await one.move(to: two)

        #expect(rest.allSatisfy { $0.isEqual }, "\(rest)")
        #expect(rest.reduce(0) { $0 + $1.written } < rest.reduce(0) { $0 + $1.source.rows })
        #expect(try await LibraryRows.differing(one, two) == [])
    }

    @Test(
        "one state of the source is copied, whatever is added to it meanwhile", arguments: TestEngine.allCases,
        TestEngine.allCases)
    func changing(home: TestEngine, away: TestEngine) async throws {
        let one = try await TestLibrary(engine: home)
        let two = try await TestLibrary(engine: away)
        let database = one.components.database
        try await ManyRows.addVideos((0..<500).map { _ in VideoID() }, to: database)

        let outcomes = try await withThrowingTaskGroup(of: [LibraryCopy.Outcome]?.self) { group in
            group.addTask { try await one.move(to: two) }
            group.addTask {
                while !Task.isCancelled {
                    try await database.transaction { tx in
                        let video = try await ManyRows.addVideo(to: tx)
                        try await ManyRows.addPassages(0..<3, of: video, to: tx)
                        try await ManyRows.addTranscript(of: video, "{}", to: tx)
                    }
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() { if let result { return result } }
            return []
        }

        let rows = Dictionary(uniqueKeysWithValues: outcomes.map { ($0.source.name, $0.source.rows) })
        #expect(outcomes.count == MovableTable.library.count && outcomes.allSatisfy { $0.isEqual }, "\(outcomes)")
        #expect(rows["passages"] == 3 * (rows["transcripts"] ?? -1))
        #expect(rows["videos"] == 500 + (rows["transcripts"] ?? -1))
        _ = try await one.move(to: two)
        #expect(try await LibraryRows.differing(one, two) == [])
    }

    /// A server's search functions must find each passage of a video that has a segment.
    private func expectSearchRows(in library: TestLibrary) async throws {
        let database = library.components.database
        guard database.kind == .postgres else { return }
        let difference = try await database.value(
            """
            SELECT count(*) FROM (SELECT video_id, ordinal, body FROM passages
                WHERE video_id IN (SELECT video_id FROM segments)) p
            FULL JOIN passage_search s ON s.video_id = p.video_id AND s.ordinal = p.ordinal
            WHERE p.video_id IS NULL OR s.video_id IS NULL OR s.words <> passage_words(
                text_search_configuration(s.language), p.body, NULL)
            """, as: Int.self)
        #expect(difference == 0)
    }
}

/// The library that is copied again and again: made once.
private enum StoppedLibraries {
    static let source = Task { try await FullLibrary.make(on: .sqlite) }
}
