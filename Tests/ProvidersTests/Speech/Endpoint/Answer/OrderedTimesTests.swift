import Testing

@testable import Providers

@Suite("Times that go upwards")
struct OrderedTimesTests {
    @Test("the most that do are believed")
    func flags() {
        #expect(Self.areOrdered([1, 2, 3]) == [true, true, true])
        #expect(Self.areOrdered([1, 90, 2, 3]) == [true, false, true, true])
        #expect(Self.areOrdered([1, 2, 0, 3]) == [true, true, false, true])
        #expect(Self.areOrdered([1, nil, 1, 2]) == [true, false, true, true])
        #expect(Self.areOrdered([]) == [])
        #expect(Self.areOrdered([nil]) == [false])
    }

    @Test("those that are believed are in order, and none could be added", arguments: 0..<50)
    func property(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let times = (0..<40).map { _ -> Double? in
            Int.random(in: 0..<6, using: &random) == 0 ? nil : Double(Int.random(in: 0...20, using: &random))
        }
        let flags = Self.areOrdered(times)
        let kept = zip(times, flags).filter(\.1).compactMap(\.0)
        #expect(kept == kept.sorted() && kept.count == flags.count(where: \.self))
        #expect(kept.count == Self.longest(times.compactMap(\.self)))
    }

    @Test("items are sorted by their times, and those without stay behind their neighbours")
    func sorting() {
        let items: [(String, Double?)] = [("c", 3), ("c2", nil), ("a", 1), ("a2", nil), ("b", 2)]
        let sorted = OrderedTimes.sorted(items) { $0.1.map { AudioTime(seconds: $0) } }
        #expect(sorted.map(\.0) == ["a", "a2", "b", "c", "c2"])
    }

    private static func areOrdered(_ times: [Double?]) -> [Bool] {
        OrderedTimes.areOrdered(times.map { $0.map { AudioTime(seconds: $0) } })
    }

    /// The same by trying, in quadratic time.
    private static func longest(_ times: [Double]) -> Int {
        var best = [Int](repeating: 1, count: times.count)
        for index in times.indices {
            for before in 0..<index where times[before] <= times[index] {
                best[index] = max(best[index], best[before] + 1)
            }
        }
        return best.max() ?? 0
    }
}
