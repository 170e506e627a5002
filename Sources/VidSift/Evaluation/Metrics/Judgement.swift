internal import Foundation

/// A passage that was found, as it is compared with the labels.
package struct CitedPassage: Sendable, Hashable {
    /// The video as the labels name it.
    package var video: String
    /// Start and end of the passage in seconds.
    package var start: Double
    package var end: Double
    /// The moment that a citation would link to, in seconds: where the best unit begins.
    package var moment: Double

    package init(video: String, start: Double, end: Double, moment: Double) {
        self.video = video
        self.start = start
        self.end = end
        self.moment = moment
    }
}

/// What was found for one question, held against its labels.
package struct Judgement: Sendable, Hashable {
    /// How far a passage may lie beside the labelled span and still count, in seconds.
    package static let tolerance = 5.0
    /// How many passages are looked at.
    package static let depth = 10

    /// The place of the first passage that overlaps a span, from 1; nil when none of the first ten does.
    package var firstHit: Int?
    /// Whether the first passage is of a right video.
    package var firstVideoIsRight: Bool
    /// Normalised discounted cumulative gain at 10, 0...1. A span counts at the first passage that overlaps it, so that
    /// overlapping passages gain nothing by saying the same twice.
    package var gain: Double
    /// From the first hit's cited moment to the start of the nearest span of its video, in seconds.
    package var momentError: Double?
    /// The same from the passage's own start.
    package var passageError: Double?
    /// Which part of the right videos is among the ten, 0...1.
    package var videoRecall: Double

    package init(_ cited: [CitedPassage], against spans: [LabelledQuestion.Span]) {
        let cited = cited.prefix(Self.depth)
        let hit = cited.firstIndex { passage in spans.contains { Self.overlap(passage, $0) } }
        let videos = Set(spans.map(\.video))
        firstHit = hit.map { $0 + 1 }
        firstVideoIsRight = cited.first.map { videos.contains($0.video) } ?? false
        gain = Self.gain(of: Array(cited), spans)
        momentError = hit.flatMap { Self.distance(cited[$0].moment, in: cited[$0].video, to: spans) }
        passageError = hit.flatMap { Self.distance(cited[$0].start, in: cited[$0].video, to: spans) }
        videoRecall =
            videos.isEmpty ? 0 : Double(videos.intersection(cited.map(\.video)).count) / Double(videos.count)
    }

    static func overlap(_ passage: CitedPassage, _ span: LabelledQuestion.Span) -> Bool {
        passage.video == span.video && passage.start <= span.end + tolerance && passage.end >= span.start - tolerance
    }

    private static func distance(_ moment: Double, in video: String, to spans: [LabelledQuestion.Span]) -> Double? {
        spans.filter { $0.video == video }.map { abs(moment - $0.start) }.min()
    }

    private static func gain(of cited: [CitedPassage], _ spans: [LabelledQuestion.Span]) -> Double {
        var open = spans
        let gains = cited.map { passage in
            let covered = open.filter { overlap(passage, $0) }
            open.removeAll { covered.contains($0) }
            return covered.isEmpty ? 0.0 : 1.0
        }
        return RankedGain.normalised(gains, ideal: Array(repeating: 1, count: spans.count))
    }
}

/// Discounted cumulative gain as trec_eval computes it: gain / log2(rank + 1), without exponents.
enum RankedGain {
    /// - Parameters:
    ///   - gains: of what was found, best rank first.
    ///   - ideal: all gains that could have been had, in any order.
    /// - Returns: 0...1; 0 where there was nothing to gain.
    static func normalised(_ gains: [Double], ideal: [Double], depth: Int = Judgement.depth) -> Double {
        let best = discounted(ideal.sorted(by: >), depth: depth)
        // Several spans may lie in one passage: then fewer ranks than the ideal's gain as much.
        return best > 0 ? min(1, discounted(gains, depth: depth) / best) : 0
    }

    static func discounted(_ gains: [Double], depth: Int) -> Double {
        gains.prefix(depth).enumerated().reduce(0) { $0 + $1.element / log2(Double($1.offset + 2)) }
    }
}
