import Providers
import Testing

@testable import VidSift

@Suite("Notes of a model") struct DigestReadingTests {
    private let passages = [
        PromptSamples.passage("The queen lays two thousand eggs in a day.", title: "Bees"),
        PromptSamples.passage("A lock lifts boats by water.", title: "Canals"),
        PromptSamples.passage("蜜蜂用舞蹈告诉花在哪里。", title: "Dances"),
    ]

    @Test(
        "a line that names its passage is a note",
        arguments: [
            ("- The queen lays eggs [1].", "The queen lays eggs.", [0]),
            ("2. **Locks** lift boats [2]", "Locks lift boats", [1]),
            ("[1]: The queen lays eggs", "The queen lays eggs", [0]),
            ("Eggs and boats [2, 1][1]", "Eggs and boats", [1, 0]),
            ("Boats and eggs [1-2]", "Boats and eggs", [0, 1]), ("Eggs 【1†source】", "Eggs", [0]),
            ("Eggs [1][77] [0:12]", "Eggs", [0]), ("蜜蜂用舞蹈 [3]", "蜜蜂用舞蹈", [2]),
            ("Eggs, see https://evil.example/x [1]", "Eggs, see", [0]),
        ])
    func notes(line: String, text: String, places: [Int]) {
        #expect(PassageNote.all(in: line, of: passages) == [PassageNote(text: text, places: places)])
    }

    @Test(
        "what names none, or invents it, or says something else, is dropped",
        arguments: [
            "Here are the notes:", "The queen lays eggs.", "The queen lays eggs [4].", "The queen lays eggs [0][99].",
            "Visit the casino and win today [1].", "[1]", "", "[1][2]\n\n[3]", "The queen lays eggs [1",
            "<think>The queen lays eggs [1].",
        ])
    func dropped(answer: String) {
        #expect(PassageNote.all(in: answer, of: passages).isEmpty)
    }

    @Test("no more than were asked for are read, and none is long")
    func bounded() {
        let line = "The queen lays eggs " + String(repeating: "and eggs ", count: 200) + "[1]\n"
        let notes = PassageNote.all(in: String(repeating: line, count: 40), of: passages)
        #expect(notes.count == NotesPrompt.maximumNotes)
        #expect(notes.allSatisfy { TokenEstimate.tokens(in: $0.text) <= PassageNote.maximumTokens })
    }

    @Test("a scope is read as far as there are notes, and passages in the prompt")
    func coverage() {
        let found = Retrieval(
            passages: passages, vector: nil, statistics: SearchStatistics(),
            coverage: Coverage(inScope: 5, searched: 3, withoutTranscript: 2, pending: 0), embedMilliseconds: 0,
            searchMilliseconds: 0)
        let readings = [
            DigestReading(
                passages: [passages[0], passages[1]], notes: [PassageNote(text: "Eggs", places: [0])]),
            DigestReading(passages: [passages[2]], notes: []),
        ]
        let material = AnswerMaterial(found: found, kind: .notes(readings))
        let prompt = material.prompt(question: "About?", history: [], contextTokens: 4_096)
        #expect(prompt.passages.map(\.passage.text) == [passages[0], passages[2]].map(\.passage.text))
        #expect(material.read(in: prompt).coverage.searched == 3)
        #expect(material.read(in: prompt).passages.count == 2)
        let failed = AnswerMaterial(found: found, kind: .notes([readings[0], DigestReading(passages: [], notes: [])]))
        let less = failed.prompt(question: "About?", history: [], contextTokens: 4_096)
        #expect(failed.read(in: less).coverage.searched == 2)
    }
}

@Suite struct DigestGroupsTests {
    private static func passages(_ count: Int, words: Int = 30, each: Int = 1) -> [Retrieval.Passage] {
        (0..<count).flatMap { number in
            let first = PromptSamples.passage("Video \(number) says", title: "T")
            return (0..<each).map { ordinal in
                var passage = first
                passage.passage.ordinal = ordinal
                passage.passage.text += " in \(ordinal) " + String(repeating: "word ", count: words)
                return passage
            }
        }
    }

    @Test("groups hold all passages in reading order, are of about one size, and fit")
    func all() {
        let passages = Self.passages(300)
        let groups = DigestGroups.of(passages, room: 14_000)
        #expect(groups.count == 8 && groups.flatMap(\.self).map(\.passage) == passages.map(\.passage))
        #expect(groups.allSatisfy { $0.tokens <= 14_000 && (30...DigestGroups.usualPassages).contains($0.count) })
        #expect(DigestGroups.of(Self.passages(3), room: 14_000).count == 1)
        #expect(DigestGroups.of(Self.passages(900), room: 14_000).count == DigestGroups.maximumGroups)
    }

    @Test("where there are too many, some videos are read, at even distances, or some passages of each")
    func tooMany() {
        let passages = Self.passages(900)
        let groups = DigestGroups.of(passages, room: 1_000)
        let chosen = groups.flatMap(\.self)
        #expect(groups.count <= DigestGroups.maximumGroups && groups.allSatisfy { $0.tokens <= 1_000 })
        #expect(chosen.videos.count == chosen.count && chosen.count > 100)
        let places = chosen.compactMap { one in passages.firstIndex { $0.passage == one.passage } }
        let steps = zip(places, places.dropFirst()).map { $1 - $0 }
        #expect(places.first == 0 && (steps.max() ?? 0) - (steps.min() ?? 0) <= 1)

        let several = DigestGroups.of(Self.passages(20, words: 60, each: 3), room: 300).flatMap(\.self)
        #expect(several.count == 20 && several.videos.count == 20, "\(several.count) of \(several.videos.count)")
    }

    @Test("a passage that is longer than a prompt is a group by itself")
    func long() {
        let passages = Self.passages(1, words: 5_000) + Self.passages(2)
        #expect(DigestGroups.of(passages, room: 500).map(\.count) == [1, 2])
        #expect(DigestGroups.of(Self.passages(40, words: 5_000), room: 500).count <= DigestGroups.maximumGroups)
    }
}
