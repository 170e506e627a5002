import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("Which video a source is")
struct SourceStandingTests {
    private static let locks = SampleTalks.canals
    private static let moon = SampleTalks.vtt([
        "The moon turns once while it goes around the earth.", "So it always shows the same side to us.",
        "Its far side was seen first in nineteen fifty nine.",
    ])

    @Test("a copy of what a file was does not take away the change that waits for it", arguments: TestEngine.allCases)
    func copyOfReadyWithChange(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let a = try await library.add(SampleTalks.bees, named: "a.vtt").videoID
        _ = try await library.accept(Self.locks, named: "a.vtt")

        let copy = try await library.accept(SampleTalks.bees, named: "copy.vtt")
        try await library.components.worker.drain()

        #expect(copy != .unchanged(a) && copy.isAccepted(copy.videoID, isReplacement: false))
        #expect(copy.videoID != a)
        #expect(try await library.words(of: a).contains("lock"))
        #expect(try await library.words(of: copy.videoID).contains("queen"))
    }

    @Test("a file that is changed to another file's content serves it from then on", arguments: TestEngine.allCases)
    func changedToTheOther(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let a = try await library.add(SampleTalks.bees, named: "a.vtt").videoID
        let b = try await library.add(Self.locks, named: "b.vtt").videoID

        let changed = try await library.add(SampleTalks.bees, named: "b.vtt")

        #expect(changed.isAccepted(b, isReplacement: true))
        #expect(try await library.words(of: a).contains("queen"))
        #expect(try await library.words(of: b).contains("queen"))
        #expect(try await library.add(SampleTalks.bees, named: "b.vtt") == .unchanged(b))
        #expect(try await library.add(SampleTalks.bees, named: "a.vtt") == .unchanged(a))
    }

    @Test("two files that are swapped are swapped", arguments: TestEngine.allCases)
    func swap(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let a = try await library.add(SampleTalks.bees, named: "a.vtt").videoID
        let b = try await library.add(Self.locks, named: "b.vtt").videoID

        #expect(try await library.accept(Self.locks, named: "a.vtt").isAccepted(a, isReplacement: true))
        #expect(try await library.accept(SampleTalks.bees, named: "b.vtt").isAccepted(b, isReplacement: true))
        try await library.components.worker.drain()

        #expect(try await library.words(of: a).contains("lock"))
        #expect(try await library.words(of: b).contains("queen"))
    }

    @Test(
        "what waits under another name is recognised; a file that is changed to it waits for itself",
        arguments: TestEngine.allCases)
    func waiting(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let b = try await library.add(Self.locks, named: "b.vtt").videoID
        let a = try await library.accept(SampleTalks.bees, named: "a.vtt").videoID

        #expect(try await library.accept(SampleTalks.bees, named: "copy.vtt") == .unchanged(a))
        #expect(try await library.accept(SampleTalks.bees, named: "b.vtt").isAccepted(b, isReplacement: true))
        try await library.components.worker.drain()

        #expect(try await library.words(of: b).contains("queen"))
        #expect(try await Video.list(after: nil, limit: 10, on: library.components.database).count == 2)
    }

    @Test(
        "a file that is changed and changed back before its index was made is as it was", arguments: TestEngine.allCases
    )
    func changedBack(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let a = try await library.add(SampleTalks.bees, named: "a.vtt").videoID
        _ = try await library.accept(Self.locks, named: "a.vtt")
        #expect(try await library.add(SampleTalks.bees, named: "a.vtt").isAccepted(a, isReplacement: true))
        #expect(try await library.words(of: a).contains("queen"))
    }

    @Test(
        "a YouTube id that becomes known later is kept: for the same content and for changed content",
        arguments: TestEngine.allCases)
    func identifiedLater(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let first = try await library.add(SampleTalks.bees, named: "bees.vtt").videoID
        #expect(try await library.add(SampleTalks.bees, named: "Bees [dQw4w9WgXcQ].vtt") == .unchanged(first))
        #expect(try await Video.get(first, on: database)?.youtubeID == "dQw4w9WgXcQ")

        let second = try await library.add(Self.locks, named: "canals.vtt").videoID
        var submission = Ingest.Submission(
            bytes: Array(Self.moon.utf8), fileName: "canals.vtt", key: "file:/test/canals.vtt", sourceID: "canals",
            youtubeID: "S9JGmA5_unY")
        _ = try await library.components.ingest.accept(submission, channel: .library)
        #expect(try await Video.get(second, on: database)?.youtubeID == "S9JGmA5_unY")

        submission.youtubeID = "dQw4w9WgXcQ"
        _ = try await library.components.ingest.accept(submission, channel: .library)
        #expect(try await Video.get(second, on: database)?.youtubeID == "S9JGmA5_unY", "the first one stays")
    }

    @Test("a transcript that could not be read again is refused before it is stored", arguments: TestEngine.allCases)
    func transcriptTooLarge(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let captions = Array(SampleTalks.bees.utf8)
        let ingest = Ingest(database: database, onAccepted: {}, maximumTranscriptBytes: captions.count)
        do {
            _ = try await ingest.accept(
                .init(bytes: captions, fileName: "a.vtt", key: "file:a.vtt", sourceID: "a"), channel: .library)
            Issue.record("it was accepted")
        } catch IngestError.tooLarge(let name, let bytes, let maximum) {
            #expect(name == "a.vtt" && bytes > maximum && maximum == captions.count)
        }
        #expect(try await Video.list(after: nil, limit: 10, on: database).isEmpty)
    }
}

extension TestLibrary {
    /// All that is said in a video.
    fileprivate func words(of video: VideoID) async throws -> String {
        try await StoredPassage.all(of: video, on: components.database).map(\.text).joined(separator: " ")
    }
}
