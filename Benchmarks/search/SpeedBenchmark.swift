import Foundation
import VidSift

/// Times the searches over 100,000 passages and 500,000 units, and writes what they found for the check of recall.
struct SpeedBenchmark {
    static let passagesEach = 20
    static let unitsEach = 5
    static let rounds = 2

    let folder: String
    private let texts: [String]
    private let questions: [String]
    private let vectors: [[Float]]

    init(folder: String) throws {
        self.folder = folder
        texts = try lines("\(folder)/texts.txt")
        questions = try lines("\(folder)/queries.txt")
        let file = try VectorFile("\(folder)/queries.f32")
        vectors = (0..<file.count).map(file.row)
    }

    private struct Report: Encodable {
        var passages: Int
        var units: Int
        var segmentMegabytes: Double
        var residentMegabytes: Double
        var loadMillisecondsPerSegment: Double
        var times: [String: Percentiles]
        /// Passages by best unit alone; by unit and passage together.
        var nearestByUnit: [[Int]]
        var nearestByBoth: [[Int]]
    }

    func run() throws {
        let blobs = try build(texts.count / Self.passagesEach)
        let clock = ContinuousClock()
        let before = residentBytes()
        var segments: [(video: String, segment: Segment)] = []
        let load = try clock.measure {
            segments = try blobs.enumerated().map { (String(format: "%05d", $0), try Segment($1)) }
        }
        let index = SearchIndex(segments)
        let resident = residentBytes() - before
        let small = SearchIndex(segments.prefix(20_000 / (Self.passagesEach * (Self.unitsEach + 1))))
        var times: [String: Percentiles] = [:]
        for mode in SearchMode.allCases { times[mode.rawValue] = measure(index, mode) }
        times["semantic, 20,000 vectors"] = measure(small, .semantic)
        times["hybrid, 20,000 vectors"] = measure(small, .hybrid)
        times["add a segment"] = Percentiles(
            segments.prefix(100).map { entry in
                var copy = index
                return clock.measure { copy.add(entry.segment, video: "new") }
            })
        let report = Report(
            passages: index.passageCount, units: index.unitCount, segmentMegabytes: Double(index.byteCount) / 1e6,
            residentMegabytes: Double(resident) / 1e6,
            loadMillisecondsPerSegment: load / .milliseconds(1) / Double(segments.count), times: times,
            nearestByUnit: vectors.map { nearest(index, $0, passageWeight: 0) },
            nearestByBoth: vectors.map { nearest(index, $0, passageWeight: 1) })
        FileHandle.standardOutput.write(try JSONEncoder().encode(report))
    }

    private func build(_ count: Int) throws -> [[UInt8]] {
        let units = try VectorFile("\(folder)/units.f32")
        let passages = try VectorFile("\(folder)/passages.f32")
        return (0..<count).map { segment in
            var builder = SegmentBuilder(language: "en", modelName: "m", dimensions: VectorFile.dimensions)
            for place in 0..<Self.passagesEach {
                let passage = segment * Self.passagesEach + place
                let start = place * 60_000
                builder.addPassage(
                    text: texts[passage], startMilliseconds: start, endMilliseconds: start + 60_000,
                    embedding: passages.row(passage)[...],
                    units: (0..<Self.unitsEach).map { unit in
                        UnitInput(
                            startMilliseconds: start + unit * 12_000, endMilliseconds: start + unit * 12_000 + 12_000,
                            embedding: units.row(passage * Self.unitsEach + unit)[...])
                    })
            }
            return builder.build()
        }
    }

    private func measure(_ index: SearchIndex, _ mode: SearchMode) -> Percentiles {
        var durations: [Duration] = []
        for round in 0..<Self.rounds + 1 {
            for (question, vector) in zip(questions, vectors) {
                let query = SearchQuery(text: question, vector: vector, mode: mode)
                let began = processorTime()
                precondition(index.search(query).hits.count <= query.limit)
                if round > 0 { durations.append(processorTime() - began) }
            }
        }
        return Percentiles(durations)
    }

    private func nearest(_ index: SearchIndex, _ vector: [Float], passageWeight: Float) -> [Int] {
        var query = SearchQuery(text: "", vector: vector, mode: .semantic)
        query.weights.passage = passageWeight
        query.spread.penaltyPerVideo = 0
        query.spread.maximumOverlap = 1
        return index.search(query).hits.map { (Int($0.video) ?? 0) * Self.passagesEach + $0.passage }
    }
}
