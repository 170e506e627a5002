import Foundation
import Testing

@testable import VidSift

@Suite("Search in an index")
struct SearchIndexTests {
    @Test("an empty index finds nothing")
    func empty() {
        let result = SearchIndex().search(SearchQuery(text: "anything", vector: [1, 0]))
        #expect(result.hits.isEmpty)
        #expect(result.statistics.passages == 0)
    }

    @Test("one passage is found by its words, and not by others")
    func onePassage() throws {
        let index = SearchIndex([("v", try segment(["The cat sat on the mat."]))])
        #expect(index.search(SearchQuery(text: "cats")).hits.map(\.passage) == [0])
        #expect(index.search(SearchQuery(text: "dogs")).hits.isEmpty)
        #expect(index.search(SearchQuery(text: "")).hits.isEmpty)
        #expect(index.search(SearchQuery(text: "cat", mode: .semantic)).hits.isEmpty)
    }

    @Test("a segment without passages does no harm")
    func emptySegment() throws {
        let index = SearchIndex([("a", try segment([])), ("b", try segment(["cat"]))])
        #expect(index.search(SearchQuery(text: "cat")).hits.map(\.video) == ["b"])
    }

    @Test("a quoted phrase must occur word for word, a single word anywhere")
    func phrases() throws {
        let texts = ["machine learning is fun", "learning about a machine", "a machine that is learning"]
        let index = SearchIndex([("v", try segment(texts))])
        #expect(Set(index.search(SearchQuery(text: "machine learning")).hits.map(\.passage)) == [0, 1, 2])
        #expect(index.search(SearchQuery(text: "\"machine learning\"")).hits.map(\.passage) == [0])
        #expect(index.search(SearchQuery(text: "\"machines that is\"")).hits.map(\.passage) == [2])
        #expect(index.search(SearchQuery(text: "\"learning machine\"")).hits.isEmpty)
        #expect(index.search(SearchQuery(text: "\"unheard of\" machine")).hits.isEmpty)
    }

    @Test("each language is stemmed by its own rules in one scope")
    func languages() throws {
        let index = SearchIndex([
            ("en", try segment(["He sings songs"], language: "en")),
            ("de", try segment(["Er singt Lieder"], language: "de")),
            ("zh", try segment(["机器学习的历史"], language: "zh")),
        ])
        #expect(index.search(SearchQuery(text: "song")).hits.map(\.video) == ["en"])
        #expect(index.search(SearchQuery(text: "Lied")).hits.map(\.video) == ["de"])
        #expect(index.search(SearchQuery(text: "学习")).hits.map(\.video) == ["zh"])
    }

    @Test("only the videos and the time that the filter allows are searched")
    func filters() throws {
        let index = SearchIndex([("a", try segment(["cat", "cat", "dog"])), ("b", try segment(["cat"]))])
        let video = SearchFilter(videos: ["b", "unknown"])
        #expect(index.search(SearchQuery(text: "cat", filter: video)).hits.map(\.video) == ["b"])
        let time = SearchFilter(videos: ["a"], milliseconds: 1_000..<2_000)
        #expect(index.search(SearchQuery(text: "cat", filter: time)).hits.map(\.passage) == [1])
        #expect(index.search(SearchQuery(text: "cat", filter: SearchFilter(videos: []))).hits.isEmpty)
    }

    @Test("equal scores come in the order of video, then passage")
    func order() throws {
        let index = SearchIndex([("b", try segment(["cat", "cat"])), ("a", try segment(["cat", "cat"]))])
        var query = SearchQuery(text: "cat")
        query.spread.penaltyPerVideo = 0
        #expect(index.search(query).hits.map { "\($0.video)\($0.passage)" } == ["a0", "a1", "b0", "b1"])
    }

    @Test("one video doesn't take all places when others are nearly as good")
    func spread() throws {
        let index = SearchIndex([("a", try segment(["cat", "cat", "cat"])), ("b", try segment(["cat"]))])
        let hits = index.search(SearchQuery(text: "cat", limit: 2)).hits
        #expect(hits.map(\.video) == ["a", "b"])
        var query = SearchQuery(text: "cat")
        query.spread.maximumPerVideo = 1
        #expect(index.search(query).hits.count == 2)
    }

    @Test("adding, replacing and removing leave what building anew gives")
    func incremental() throws {
        var numbers = SeededNumbers(seed: 7)
        let videos = (0..<12).map { SampleVideo(id: "v\($0)", passages: 9, dimensions: 24, using: &numbers) }
        let segments = try videos.map { try Segment($0.bytes()) }
        var index = SearchIndex([("v3", segments[0])])
        for (video, segment) in zip(videos, segments) { index.add(segment, video: video.id) }
        for id in ["v0", "v5", "v11", "none"] { index.remove(video: id) }
        let kept = zip(videos, segments).filter { !["v0", "v5", "v11"].contains($0.0.id) }
        let rebuilt = SearchIndex(kept.reversed().map { ($0.0.id, $0.1) })
        for _ in 0..<50 {
            let words = (0..<3).compactMap { _ in SampleVideo.vocabulary.randomElement(using: &numbers) }
            let query = SearchQuery(text: words.joined(separator: " "), vector: numbers.unitVector(24), limit: 20)
            #expect(index.search(query).hits == rebuilt.search(query).hits)
        }
        #expect(index.byteCount == rebuilt.byteCount)
        #expect(index.passageCount == rebuilt.passageCount)
        #expect(index.unitCount == rebuilt.unitCount)
        for video in videos { index.remove(video: video.id) }
        #expect(index.byteCount == 0)
    }

    @Test("segments without vectors, or of another model, are found by their words")
    func mixed() throws {
        var numbers = SeededNumbers(seed: 3)
        let with = SampleVideo(id: "with", passages: 5, dimensions: 16, using: &numbers)
        let without = SampleVideo(id: "without", passages: 5, dimensions: 16, using: &numbers)
        let index = SearchIndex([
            ("with", try Segment(with.bytes())), ("without", try Segment(without.bytes(withVectors: false))),
        ])
        let text = without.passages[2].text
        let hits = index.search(SearchQuery(text: text, vector: with.passages[1].vector, limit: 20)).hits
        #expect(hits.contains { $0.video == "without" && $0.passage == 2 && $0.unitScore == nil })
        #expect(hits.first { $0.video == "with" && $0.passage == 1 }?.passageScore ?? 0 > 0.98)
        let other = SearchQuery(text: text, vector: with.passages[1].vector, modelName: "other", limit: 20)
        #expect(index.search(other).hits.allSatisfy { $0.unitScore == nil })
    }

    @Test("a text holds the share of the query that its words weigh by their idf; what occurs nowhere is not known")
    func queryWeights() throws {
        let passages = ["cat dog", "cat"] + (0..<28).map { "bird\($0)" }
        let index = SearchIndex([("v", try segment(passages))])
        let weights = QueryWeights("cat dog fish", index.search(SearchQuery(text: "cat dog fish")).statistics)
        func idf(_ holding: Double) -> Double { log(1 + (30 - holding + 0.5) / (holding + 0.5)) }
        let total = idf(2) + idf(1) + idf(0)
        #expect(abs(weights.share(of: "A cat.", language: nil) - Float(idf(2) / total)) < 1e-5)
        #expect(abs(weights.share(of: "dog and cat", language: nil) - weights.knownShare) < 1e-5)
        #expect(abs(weights.knownShare - Float((idf(2) + idf(1)) / total)) < 1e-5)
        #expect(weights.isKnown("cat") && !weights.isKnown("fish"))
    }
}
