import Captions
import Foundation
import Testing

@testable import VidSift

@Suite struct PassageTests {
    private func talk(sentences: Int) -> Transcript {
        Transcript(
            cues: (0..<sentences).map { index in
                Cue(
                    start: MediaTime(milliseconds: index * 4000), end: MediaTime(milliseconds: index * 4000 + 4000),
                    text: "This is sentence number \(index) of a talk that has ten words.")
            })
    }

    @Test("passages have their size, share the sentences that fit into ninety words, and leave nothing out")
    func sizes() {
        let plan = PassagePlan(talk(sentences: 100))
        #expect(plan.passages.count > 5)
        for (one, next) in zip(plan.passages, plan.passages.dropFirst()) {
            let shared = one.sentences.map(\.start).filter { $0 >= next.start }
            #expect(shared == next.sentences.prefix(shared.count).map(\.start))
            #expect(shared.count == PassagePlan.sharedWords / 12, "each sentence has twelve words")
        }
        for passage in plan.passages.dropLast() {
            let words = passage.sentences.reduce(0) { $0 + $1.wordCount }
            #expect((PassagePlan.minimumWords...PassagePlan.maximumWords).contains(words))
        }
        let covered = Set(plan.passages.flatMap { $0.sentences.map(\.start) })
        #expect(covered.count == 100)
    }

    @Test("units last twelve seconds, begin every eight, and each passage has some")
    func units() {
        let plan = PassagePlan(talk(sentences: 100))
        for unit in plan.units {
            #expect(unit.end.milliseconds - unit.start.milliseconds <= PassagePlan.unitLength.milliseconds + 1000)
        }
        let starts = plan.units.map(\.start.milliseconds)
        #expect(zip(starts, starts.dropFirst()).allSatisfy { 4000...12_000 ~= $1 - $0 })
        #expect(plan.passages.allSatisfy { !$0.units.isEmpty })
        #expect(Set(plan.passages.flatMap(\.units)).count == plan.units.count, "every unit is found through a passage")
    }

    @Test("an hour of silence between two words makes no unit")
    func silence() {
        let plan = PassagePlan(
            Transcript(cues: [
                Cue(start: .zero, end: MediaTime(milliseconds: 2000), text: "Before."),
                Cue(
                    start: MediaTime(milliseconds: 3_600_000), end: MediaTime(milliseconds: 3_602_000), text: "After."),
            ]))
        #expect(plan.units.map(\.text) == ["Before.", "After."])
    }

    @Test("one cue that lasts forty hours is cut up in no time")
    func longCue() {
        let text = (0..<50_000).map { "word\($0)." }.joined(separator: " ")
        let plan = PassagePlan(
            Transcript(cues: [Cue(start: .zero, end: MediaTime(milliseconds: 144_000_000), text: text)]))
        #expect(plan.passages.count > 100)
    }

    @Test(
        "real talks: every word is in a passage, and passages are about a minute",
        .enabled(if: Places.hasFixtures, "../shared/fixtures is not here"))
    func fixtures() throws {
        let folder = Places.fixtures.appendingPathComponent("transcripts/3b1b")
        let files = try AddedFile.list(folder.path, languages: ["en"]).files
        #expect(files.count > 10)
        for file in files {
            let transcript = try Transcript(captions: try file.read(), fileName: file.path)
            let plan = PassagePlan(transcript)
            let spoken = transcript.cues.flatMap { $0.spoken.split(separator: " ").map(String.init) }
            let words = Set(plan.passages.flatMap { $0.text.split(separator: " ").map(String.init) })
            #expect(spoken.allSatisfy { words.contains($0) }, "\(file.path)")
            let lengths = plan.passages.map { $0.end.milliseconds - $0.start.milliseconds }.sorted()
            #expect((20_000...120_000).contains(lengths[lengths.count / 2]), "\(file.path)")
        }
    }
}
