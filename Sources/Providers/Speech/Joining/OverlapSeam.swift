/// Where two parts that have both heard a stretch are sewn together: which words of each are kept.
struct OverlapSeam: Equatable {
    /// For each word of the earlier part.
    var left: [Bool]
    /// For each word of the later part.
    var right: [Bool]

    /// The same word has the same time in both parts but for so much. (Whisper's word times differ by up to a second from
    /// one window to another.)
    static let tolerance = AudioTime(milliseconds: 2000)
    /// What a pair of words that are as far apart as allowed counts less than one at the same time. Less than half: two
    /// poor pairs are more than a good one.
    private static let penalty = 0.4
    /// More words of each part are not compared: nobody speaks so many in an overlap.
    private static let maximumWords = 400

    /// Sews at a word that both have heard, as near to the middle of the `shared` stretch as there is one: at its ends
    /// words may be cut in half. Where they have none in common, the earlier part is believed in the first half and the
    /// later one in the second; what only one of them has heard stays.
    static func between(_ left: [SpokenWord], _ right: [SpokenWord], _ shared: AudioSpan) -> OverlapSeam {
        if let pair = pairs(left, right).min(by: { distance($0, left, shared) < distance($1, left, shared) }) {
            return OverlapSeam(
                left: left.indices.map { $0 <= pair.left }, right: right.indices.map { $0 > pair.right })
        }
        let middle = shared.middle
        let (ends, beginnings) = (left.suffix(maximumWords), right.prefix(maximumWords))
        return OverlapSeam(
            left: left.map { word in word.span.middle < middle || !beginnings.contains { $0.collides(with: word) } },
            right: right.map { word in word.span.middle >= middle || !ends.contains { $0.collides(with: word) } })
    }

    private typealias Pair = (left: Int, right: Int)

    private static func distance(_ pair: Pair, _ left: [SpokenWord], _ shared: AudioSpan) -> Int {
        abs(left[pair.left].span.middle.milliseconds - shared.middle.milliseconds)
    }

    /// The words that both have, in order: as many as possible, and as near to each other in time as possible.
    private static func pairs(_ left: [SpokenWord], _ right: [SpokenWord]) -> [Pair] {
        let before = max(0, left.count - maximumWords)
        return pairs(of: Array(left[before...]), Array(right.prefix(maximumWords))).map { ($0.left + before, $0.right) }
    }

    private static func pairs(of left: [SpokenWord], _ right: [SpokenWord]) -> [Pair] {
        let keys = (left.map { TextToken.key(of: $0.text) }, right.map { TextToken.key(of: $0.text) })
        // best[i][j]: of what is behind word i and word j.
        var best = [[Double]](repeating: [Double](repeating: 0, count: right.count + 1), count: left.count + 1)
        func value(_ i: Int, _ j: Int) -> Double? {
            guard keys.0[i] == keys.1[j] else { return nil }
            let apart = abs(left[i].span.start.milliseconds - right[j].span.start.milliseconds)
            guard apart <= tolerance.milliseconds else { return nil }
            return 1 - penalty * Double(apart) / Double(tolerance.milliseconds)
        }
        for i in left.indices.reversed() {
            for j in right.indices.reversed() {
                let paired = value(i, j).map { $0 + best[i + 1][j + 1] } ?? 0
                best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
            }
        }
        var pairs: [Pair] = []
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            if let value = value(i, j), best[i][j] == value + best[i + 1][j + 1] {
                pairs.append((i, j))
                (i, j) = (i + 1, j + 1)
            } else if best[i][j] == best[i + 1][j] {
                i += 1
            } else {
                j += 1
            }
        }
        return pairs
    }
}

extension SpokenWord {
    /// Whether they are said at the same time, be it in part.
    fileprivate func collides(with other: SpokenWord) -> Bool {
        span.start < other.span.end && other.span.start < span.end
    }
}
