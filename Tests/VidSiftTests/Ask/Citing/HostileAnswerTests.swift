import Foundation
import Testing

@testable import VidSift

/// What holds for any answer of any model; `HOSTILE_ANSWERS` sets how many are tried.
@Suite struct HostileAnswerTests {
    static let count = ProcessInfo.processInfo.environment["HOSTILE_ANSWERS"].flatMap { Int($0) } ?? 2_000

    @Test("no hostile answer invents a citation, a time or a link")
    func hostileAnswers() {
        let start = ContinuousClock.now
        var bytes = 0
        var citations = 0
        for seed in 0..<Self.count {
            let answer = HostileAnswer(seed: UInt64(seed))
            bytes += answer.text.utf8.count
            let read = answer.read()
            citations += read.citations.count
            for fault in AnswerCheck(read, of: answer).faults {
                Issue.record(
                    "\(fault) in answer \(seed): \(answer.text.debugDescription) gave \(read.text.debugDescription)")
            }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print(
            "\(Self.count) hostile answers, \(bytes) bytes, \(citations) citations in \(Int(seconds * 1000)) ms: "
                + "\(Int(Double(bytes) / seconds / 1000)) kB/s")
        #expect(citations > Self.count)
    }

    @Test(
        "an answer without end is read in bounded memory: what is held back stays within its limits",
        arguments: [false, true])
    func endless(isStrict: Bool) {
        let parts = [
            "word ", "[", "1, ", "https://evil.example/", "1:23-", "(", "<a ", "蜂", "[1] ", "The queen lays eggs. [1] ",
            "\n", ", ",
        ]
        for part in parts {
            var machine = CitationMachine(evidence: SampleEvidence.all, spansVideos: true, isStrict: isStrict)
            let chunk = String(repeating: part, count: 100)
            var most = 0
            for _ in 0..<100 {
                var steps = machine.read(chunk)
                var size = 0
                while !steps.isEmpty {
                    var next: [CitationMachine.Step] = []
                    for step in steps {
                        switch step {
                        case .text(let text): size += text.utf8.count
                        case .citation: break
                        case .unsettled: next = machine.settle(nil)
                        }
                    }
                    steps = next
                }
                most = max(most, size)
            }
            let limit = (chunk.utf8.count + AnswerSentence.maximumBytes) * 30
            #expect(most <= limit, "\(part) gave \(most) bytes at once")
        }
    }
}

/// An answer that does what it should not, and how it is cut up.
struct HostileAnswer {
    let text: String
    let pieces: [String]
    let spansVideos: Bool
    let isStrict: Bool
    let evidence = SampleEvidence.all

    private static let writing = HostileText(
        sentences: SampleEvidence.all.passages.flatMap { $0.passage.spokenSentences.map { String($0.text) } })

    init(seed: UInt64) {
        var random = SeededNumbers(seed: seed &* 0x9E37_79B9 &+ 77)
        var text = ""
        for _ in 0..<Int.random(in: 1...30, using: &random) { text += Self.writing.fragment(&random) }
        (pieces, self.text) = HostileText.cut(text, &random)
        spansVideos = Bool.random(using: &random)
        isStrict = Int.random(in: 0..<4, using: &random) == 0
    }

    func read() -> ReadAnswer {
        var calls = UInt64(text.utf8.count)
        return ReadAnswer(pieces, evidence: evidence, spansVideos: spansVideos, isStrict: isStrict) { claim in
            calls += 1
            guard calls % 3 > 0 else { return nil }
            return claim.candidates.indices.map { Float((calls &* 31 &+ UInt64($0) &* 17) % 100) / 100 }
        }
    }
}

/// Looks at an answer of a machine, whose evidence is known.
struct AnswerCheck {
    private(set) var faults: [String] = []

    init(_ read: ReadAnswer, of answer: HostileAnswer) {
        if read.text.utf8.count > answer.text.utf8.count * 2 + read.citations.count * 120 { faults.append("too long") }
        for citation in read.citations { check(citation, answer.evidence) }
        let marks = zip(read.citations, read.places).map { citation, place in
            let title = answer.spansVideos ? citation.video.title : nil
            return (text: CitationMark.text(at: citation.start, title: title), end: place)
        }
        faults += AnswerTextCheck(read.text, marks: marks, spokenTimes: answer.evidence.spokenTimes).faults
    }

    private mutating func check(_ citation: Citation, _ evidence: Evidence) {
        guard (1...evidence.count).contains(citation.number) else { return faults.append("passage \(citation.number)") }
        let found = evidence.passages[citation.number - 1]
        let sentences = found.passage.spokenSentences
        guard let first = sentences.firstIndex(where: { $0.start == citation.start }),
            found.passage.text.contains(citation.text), citation.text.hasPrefix(String(sentences[first].text)),
            citation.video == found.video, !citation.text.isEmpty,
            sentences[first...].contains(where: { $0.end == citation.end })
        else { return faults.append("a citation that nothing holds: \(citation)") }
    }
}
