import Testing

@testable import Providers

@Suite("A recording is cut into parts")
struct ChunkPlanningTests {
    private static let limits = ChunkLimits(maximum: .s(600), window: .s(60), overlap: .s(5), minimum: .s(1))

    @Test("a short one stays whole, and of nothing there is nothing")
    func short() {
        #expect(Self.plan(600, []).map(\.span) == [.s(0, 600)])
        #expect(Self.plan(0.2, []).map(\.span) == [.s(0, 0.2)])
        #expect(Self.plan(0, []).isEmpty)
    }

    @Test("in the middle of the longest silence shortly before the limit")
    func silence() {
        let chunks = Self.plan(1000, [.s(100, 130), .s(550, 551), .s(570, 574), .s(590, 592), .s(620, 700)])
        #expect(chunks.map(\.span) == [.s(0, 572), .s(572, 1000)])
        #expect(chunks.map(\.overlap) == [.zero, .zero])
    }

    @Test("of a silence across the limit only what is before it counts")
    func silenceAcross() {
        #expect(Self.plan(1000, [.s(598, 640)]).map(\.span) == [.s(0, 599), .s(599, 1000)])
    }

    @Test("anywhere where there is no silence, with an overlap")
    func hardCut() {
        let chunks = Self.plan(1500, [])
        #expect(chunks.map(\.span) == [.s(0, 600), .s(595, 1195), .s(1190, 1500)])
        #expect(chunks.map(\.overlap) == [.zero, .s(5), .s(5)])
    }

    @Test("so that the last is not too short")
    func lastPart() {
        let chunks = Self.plan(600.2, [.s(599.5, 600.1)])
        #expect(chunks.count == 2)
        #expect(chunks.allSatisfy { $0.span.length >= .s(1) })
    }

    @Test("a part in which nothing can be heard is known")
    func silentPart() {
        let chunks = Self.plan(1900, [.s(500, 1850)])
        #expect(chunks.map(\.span) == [.s(0, 570), .s(570, 1140), .s(1140, 1710), .s(1710, 1900)])
        #expect(chunks.map(\.isSilent) == [false, true, true, false])
        #expect(Self.plan(30, [.s(0, 30)]).map(\.isSilent) == [true])
    }

    @Test("so that a part fits into the largest file", arguments: AudioFormat.allCases)
    func fileSize(format: AudioFormat) {
        let usual = ChunkLimits(maximumFileBytes: 25_000_000, format: format)
        #expect(usual.maximum == .s(600))
        let small = ChunkLimits(maximumFileBytes: 1_000_000, format: format)
        #expect(small.maximum < .s(600))
        #expect(
            Int(small.maximum.seconds * Double(format.maximumBytesPerSecond)) + AudioFormat.maximumOverhead <= 1_000_000
        )
        #expect(ChunkLimits(maximumFileBytes: 0, format: format).maximum == .s(1))
    }

    @Test("every part keeps its limits, and together they are the whole", arguments: 0..<300)
    func property(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limits = ChunkLimits(
            maximum: .ms(.random(in: 0...90_000, using: &random)), window: .ms(.random(in: 0...90_000, using: &random)),
            overlap: .ms(.random(in: 0...20_000, using: &random)), minimum: .ms(.random(in: 0...5000, using: &random)))
        let duration = AudioTime(milliseconds: .random(in: 1...900_000, using: &random))
        var time = 0
        var silences: [AudioSpan] = []
        while time < duration.milliseconds, Int.random(in: 0..<200, using: &random) > 0 {
            let start = time + .random(in: 0...20_000, using: &random)
            time = start + .random(in: 1...9000, using: &random)
            silences.append(AudioSpan(start: .ms(start), end: .ms(min(time, duration.milliseconds))))
        }
        silences.removeAll { $0.start >= duration }
        let plan = AudioPlan(duration: duration, silences: silences, limits: limits)
        #expect(plan == AudioPlan(duration: duration, silences: silences, limits: limits))
        #expect(plan.chunks.first?.span.start == .zero && plan.chunks.last?.span.end == duration)
        for (index, chunk) in plan.chunks.enumerated() {
            #expect(chunk.index == index && chunk.span.length <= limits.maximum)
            #expect(chunk.span.length >= min(limits.minimum, duration))
            guard index > 0 else { continue }
            let before = plan.chunks[index - 1].span
            #expect(before.end - chunk.span.start == chunk.overlap && chunk.span.start > before.start)
            #expect(chunk.overlap == .zero || chunk.overlap == limits.overlap)
            if chunk.overlap == .zero, limits.overlap > .zero {
                #expect(silences.contains { $0.start <= before.end && before.end <= $0.end })
            }
        }
    }

    private static func plan(_ seconds: Double, _ silences: [AudioSpan]) -> [AudioChunk] {
        AudioPlan(duration: .s(seconds), silences: silences, limits: limits).chunks
    }
}
