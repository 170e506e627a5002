import Foundation
import Testing

@testable import VidSift

@Suite("What was found, held against the labels")
struct JudgementTests {
    private typealias Span = LabelledQuestion.Span

    private func passage(_ video: String, _ start: Double, _ end: Double, moment: Double? = nil) -> CitedPassage {
        CitedPassage(video: video, start: start, end: end, moment: moment ?? start)
    }

    @Test("a passage counts up to five seconds beside the span, and not a hair further")
    func tolerance() {
        let span = Span(video: "a", start: 100, end: 120)

        #expect(Judgement.overlap(passage("a", 125, 140), span))
        #expect(!Judgement.overlap(passage("a", 125.001, 140), span))
        #expect(Judgement.overlap(passage("a", 60, 95), span))
        #expect(!Judgement.overlap(passage("a", 60, 94.999), span))
        #expect(Judgement.overlap(passage("a", 50, 200), span))
        #expect(!Judgement.overlap(passage("b", 100, 120), span))
    }

    @Test("rank, video and start error are those of the first hit")
    func firstHit() {
        let judgement = Judgement(
            [passage("b", 0, 50), passage("a", 300, 350), passage("a", 90, 140, moment: 104)],
            against: [Span(video: "a", start: 100, end: 120)])

        #expect(judgement.firstHit == 3)
        #expect(!judgement.firstVideoIsRight)
        #expect(judgement.momentError == 4)
        #expect(judgement.passageError == 10)
        // 1 / log2(4), of an ideal of 1.
        #expect(abs(judgement.gain - 0.5) < 1e-12)
        #expect(judgement.videoRecall == 1)
    }

    @Test("of several spans the nearest one of the video gives the error")
    func nearestSpan() {
        let judgement = Judgement(
            [passage("a", 70, 110, moment: 75)],
            against: [
                Span(video: "a", start: 8, end: 22), Span(video: "a", start: 73, end: 112),
                Span(video: "b", start: 75, end: 80),
            ])

        #expect(judgement.momentError == 2)
        #expect(judgement.passageError == 3)
        #expect(judgement.videoRecall == 0.5)
    }

    @Test("nothing found is no hit, no error, no gain")
    func nothing() {
        let judgement = Judgement([], against: [Span(video: "a", start: 0, end: 1)])

        #expect(judgement.firstHit == nil)
        #expect(judgement.momentError == nil)
        #expect(judgement.gain == 0)
        #expect(!judgement.firstVideoIsRight)
    }

    @Test("what comes after the tenth passage is not looked at")
    func depth() {
        let others = (0..<10).map { passage("b", Double($0) * 100, Double($0) * 100 + 50) }

        let judgement = Judgement(others + [passage("a", 0, 10)], against: [Span(video: "a", start: 0, end: 10)])

        #expect(judgement.firstHit == nil)
    }

    @Test("two passages over one span gain once")
    func gainsOnce() {
        let twice = Judgement(
            [passage("a", 0, 10), passage("a", 5, 15)],
            against: [Span(video: "a", start: 0, end: 10), Span(video: "a", start: 500, end: 510)])

        // 1 of the ideal 1 + 1 / log2(3).
        #expect(abs(twice.gain - 1 / (1 + 1 / log2(3.0))) < 1e-12)
    }

    @Test("nDCG is that of trec_eval: the gain itself, by the logarithm of the rank")
    func rankedGain() {
        // Found: grades 0, 2, 1; there were 2, 1, 1. (2/log2(3) + 1/2) / (2 + 1/log2(3) + 1/2)
        let expected = (2 / log2(3.0) + 0.5) / (2 + 1 / log2(3.0) + 0.5)

        #expect(abs(RankedGain.normalised([0, 2, 1], ideal: [1, 2, 1]) - expected) < 1e-12)
        #expect(RankedGain.normalised([1, 1], ideal: [1]) == 1)
        #expect(RankedGain.normalised([0], ideal: []) == 0)
        #expect(RankedGain.normalised(Array(repeating: 0, count: 10) + [1], ideal: [1]) == 0)
    }
}
