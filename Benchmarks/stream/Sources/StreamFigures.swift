/// What all streams of a measurement come to; in milliseconds, where nothing else is said.
struct StreamFigures: Encodable {
    /// Where a share of the values lies; nil where there are none.
    struct Spread: Encodable {
        var count: Int
        var p50: Double?
        var p90: Double?
        var p99: Double?
        var max: Double?

        init(_ nanoseconds: [Int64]) {
            let sorted = nanoseconds.sorted().map { Double($0) / 1e6 }
            func place(_ share: Double) -> Double? {
                sorted.isEmpty ? nil : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
            }
            count = sorted.count
            (p50, p90, p99, max) = (place(0.5), place(0.9), place(0.99), place(1))
        }
    }

    /// How many there are in each millisecond below 100.
    struct Histogram: Encodable {
        private var counts = [Int](repeating: 0, count: 100)

        init(_ nanoseconds: [Int64]) {
            for value in nanoseconds where value >= 0 && value < 100_000_000 { counts[Int(value / 1_000_000)] += 1 }
        }

        func encode(to encoder: any Encoder) throws { try counts.encode(to: encoder) }
    }

    var streams: Int
    var whole: Int
    var cut: Int
    var failed: Int
    var tooLate: Int
    /// They ended well without any token: the model was not asked.
    var unanswered: Int
    /// What the first failure said.
    var complaint: String
    var tokens: Int
    var lost: Int
    var doubled: Int
    var disordered: Int
    /// Waits of more than 200 ms that the model did not make.
    var stalls: Int
    var streamsWithStalls: Int
    var untilFirst: Spread
    var firstDelay: Spread
    /// Of all tokens but the first.
    var laterDelay: Spread
    var longestPause: Double
    /// Whether the model itself kept its pace.
    var longestPauseOfModel: Double
    var megabytes: Double
    var untilFirstHistogram: Histogram
    var firstDelayHistogram: Histogram
    var laterDelayHistogram: Histogram

    init(_ records: [StreamRecord]) {
        func count(_ end: StreamRecord.End) -> Int { records.count { $0.end == end } }
        func sum(_ part: (StreamRecord) -> Int) -> Int { records.reduce(0) { $0 + part($1) } }
        let later = records.flatMap { $0.delays.dropFirst() }
        streams = records.count
        (whole, cut, failed, tooLate) = (count(.whole), count(.cut), count(.failed), count(.tooLate))
        unanswered = records.count { $0.end == .whole && $0.delays.isEmpty }
        complaint = records.first { $0.end == .failed }.map { "\($0.status) \($0.complaint)" } ?? ""
        tokens = sum(\.delays.count)
        (lost, doubled, disordered) = (
            sum { $0.end == .whole && $0.delays.isEmpty ? 0 : $0.lost }, sum(\.doubled), sum(\.disordered)
        )
        stalls = sum(\.stalls)
        streamsWithStalls = records.count { $0.stalls > 0 }
        untilFirst = Spread(records.compactMap(\.untilFirst))
        firstDelay = Spread(records.compactMap(\.firstDelay))
        laterDelay = Spread(later)
        longestPause = Double(records.map(\.longestPause).max() ?? 0) / 1e6
        longestPauseOfModel = Double(records.map(\.longestPauseOfModel).max() ?? 0) / 1e6
        megabytes = Double(sum(\.bytes)) / 1e6
        untilFirstHistogram = Histogram(records.compactMap(\.untilFirst))
        firstDelayHistogram = Histogram(records.compactMap(\.firstDelay))
        laterDelayHistogram = Histogram(later)
    }
}
