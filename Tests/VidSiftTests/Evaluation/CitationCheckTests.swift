import Captions
import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("What citations are worth, held against the library") struct CitationCheckTests {
    /// The third and the fourth sentence of the talk about bees, said at 0:12 and 0:18.
    private static let third = "Scouts tell the others where flowers are by dancing on the comb."
    private static let fourth = "The angle of the dance gives the direction against the sun."

    private func citation(
        _ text: String = third, at second: Int = 12, of video: VideoID, _ status: Citation.Status = .verified
    ) -> Citation {
        Citation(
            number: 1, video: VideoReference(id: video, youtubeID: nil, title: "bees", pageBase: ""),
            start: MediaTime(milliseconds: second * 1000), end: MediaTime(milliseconds: second * 1000 + 6_000),
            text: text, precision: .cue, status: status)
    }

    private func check(_ citations: [Citation], _ library: TestLibrary) async throws -> CitationCheck {
        try await CitationCheck.of(citations, on: library.components.database)
    }

    @Test("words that are said at that moment are valid, one sentence or several", arguments: TestEngine.allCases)
    func valid(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let video = try await library.add(SampleTalks.bees, named: "bees.vtt").videoID

        let checked = try await check(
            [citation(of: video), citation("\(Self.third) \(Self.fourth)", of: video)], library)

        #expect(checked == CitationCheck(total: 2, valid: 2, verified: 2))
    }

    @Test(
        "words of another moment, another video or nobody's are counted, and not valid", arguments: TestEngine.allCases)
    func invalid(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let video = try await library.add(SampleTalks.bees, named: "bees.vtt").videoID
        let other = try await library.add(SampleTalks.canals, named: "canals.vtt").videoID
        let wrong = [
            citation(at: 18, of: video), citation(at: 13, of: video), citation("Scouts tell lies.", of: video),
            citation("\(Self.third) Nobody says this.", of: video), citation(of: other), citation(of: VideoID()),
        ]
        for citation in wrong {
            #expect(try await check([citation], library).valid == 0, "\(citation)")
        }
        #expect(try await check(wrong, library).total == 6)
    }

    @Test("the status is counted as the answer has it, whether the words are there or not")
    func statuses() async throws {
        let library = try await TestLibrary()
        let video = try await library.add(SampleTalks.bees, named: "bees.vtt").videoID

        let checked = try await check(
            [
                citation(of: video, .verified), citation(of: video, .close), citation(of: video, .unsupported),
                citation(at: 99, of: video, .close),
            ], library)

        #expect(checked == CitationCheck(total: 4, valid: 3, verified: 1, close: 2))
        #expect(
            checked + CitationCheck(total: 1, valid: 1, verified: 1)
                == CitationCheck(total: 5, valid: 4, verified: 2, close: 2))
        #expect(try await check([], library) == CitationCheck())
    }
}
