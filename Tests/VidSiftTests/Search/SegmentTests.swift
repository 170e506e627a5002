import CSearch
import Testing

@testable import VidSift

@Suite("Segments")
struct SegmentTests {
    private static func sample(seed: UInt64 = 1, dimensions: Int = 20) -> SampleVideo {
        var numbers = SeededNumbers(seed: seed)
        return SampleVideo(id: "v", passages: 6, dimensions: dimensions, using: &numbers)
    }

    @Test("what was put in can be read back")
    func roundTrip() throws {
        let video = Self.sample()
        let segment = try Segment(video.bytes())
        #expect(segment.language == "en")
        #expect(segment.modelName == "m")
        #expect(segment.passageCount == 6)
        #expect(segment.unitCount == video.passages.reduce(0) { $0 + $1.units.count })
        #expect(segment.passageTimes(2) == 120_000..<185_000)
        for (index, passage) in video.passages.enumerated() {
            #expect(segment.view.units(of: index).count == passage.units.count)
            let terms = TextAnalysis(language: "en").terms(in: passage.text)
            let words = segment.view.wordRange(of: index).map { segment.view.word($0) }
            #expect(words == terms.map { segment.view.term($0.hash) })
            for term in Set(words) { #expect(segment.view.holds(index, term: term)) }
        }
        #expect(segment.view.term(12_345) == nil)
    }

    @Test("the same input gives the same bytes")
    func deterministic() { #expect(Self.sample().bytes() == Self.sample().bytes()) }

    @Test("more than 65,535 distinct words fit")
    func wideSequence() throws {
        let texts = (0..<10).map { part in (0..<7_000).map { "x\(part * 7_000 + $0)" }.joined(separator: " ") }
        let segment = try segment(texts, language: nil)
        let last = try #require(TextAnalysis(language: nil).terms(in: "x69999").first)
        #expect(segment.view.term(last.hash).map { segment.view.holds(9, term: $0) } == true)
        let index = SearchIndex([("v", segment)])
        #expect(index.search(SearchQuery(text: "\"x69998 x69999\"")).hits.map(\.passage) == [9])
    }

    @Test("any changed byte, and any cut, is noticed")
    func corruption() {
        let bytes = Self.sample().bytes()
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(throws: SegmentError.self) { try Segment(damaged) }
        }
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: SegmentError.self) { try Segment(Array(bytes.prefix(count))) }
        }
        #expect(throws: SegmentError.self) { try Segment(bytes + [0]) }
    }

    @Test("a damaged segment with a right checksum is refused or searched, never a trap")
    func forgery() {
        var numbers = SeededNumbers(seed: 99)
        let bytes = Self.sample().bytes()
        var accepted = 0
        for _ in 0..<20_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                let wide = Bool.random(using: &numbers)
                let index = Int.random(in: 16..<(wide ? bytes.count : 600), using: &numbers)
                damaged[index] =
                    [0, 1, 0x7F, 0xFF, UInt8.random(in: 0...255, using: &numbers)]
                    .randomElement(using: &numbers) ?? 0
            }
            damaged.write(damaged.withUnsafeBytes { SegmentLayout.checksum(of: $0) }, at: 8)
            guard let segment = try? Segment(damaged) else { continue }  // refused, which is right too
            accepted += 1
            let words = (0..<4).compactMap { _ in SampleVideo.vocabulary.randomElement(using: &numbers) }
            let text = words.joined(separator: " ") + (Bool.random(using: &numbers) ? " \"w0 w1\"" : "")
            let query = SearchQuery(text: text, vector: numbers.unitVector(20))
            let hits = SearchIndex([("v", segment), ("w", segment)]).search(query).hits
            #expect(hits.allSatisfy { $0.score.isFinite })
        }
        #expect(accepted > 1_000)
        #expect(accepted < 20_000)
    }

    @Test("the checksum is XXH64")
    func checksum() {
        #expect(csearch_hash("", 0) == 0xEF46_DB37_51D8_E999)
        #expect(csearch_hash("abc", 3) == 0x44BC_2CF5_AD77_0999)
        let long = Array("Call me Ishmael. Some years ago--never mind how long precisely-".utf8)
        #expect(csearch_hash(long, long.count) == 0x02A2_E854_70D6_FD96)
    }
}
