/// How far the signatures of a scope's passages lie from the query's, in bits.
struct SignatureDistances {
    /// By the nearest unit, for each passage.
    private var units: [UInt16]
    /// By the nearest unit and the passage's own vector together; `excluded` for a passage that can't be chosen.
    private var sums: [UInt16]

    private static let excluded = UInt16.max

    init(query: QueryVector, scope: SearchScope, usable: [Bool], allowed: [Bool]?) {
        units = [UInt16](repeating: Self.excluded, count: scope.passages)
        sums = units
        var scratch: [UInt16] = []
        for segment in scope.views.indices where usable[segment] {
            let view = scope.views[segment]
            let rows = Int(view.units + view.passages)
            if segment + 1 < scope.views.count { scope.views[segment + 1].fetchSignatures() }
            if scratch.count < rows { scratch = [UInt16](repeating: 0, count: rows) }
            query.distances(view, into: &scratch)
            reduce(scratch, view: view, base: scope.bases[segment])
        }
        guard let allowed else { return }
        for passage in allowed.indices where !allowed[passage] {
            units[passage] = Self.excluded
            sums[passage] = Self.excluded
        }
    }

    private mutating func reduce(_ rows: [UInt16], view: SegmentView, base: Int) {
        let own = Int(view.units)
        rows.withUnsafeBufferPointer { rows in
            var unit = 0
            for passage in 0..<Int(view.passages) {
                let end = Int(view.passageUnits[passage + 1])
                var nearest = unit == end ? rows[own + passage] : UInt16.max
                while unit < end {
                    nearest = min(nearest, rows[unit])
                    unit += 1
                }
                units[base + passage] = min(nearest, Self.excluded / 2)
                sums[base + passage] = min(nearest, Self.excluded / 2 - 1) + min(rows[own + passage], Self.excluded / 2)
            }
        }
    }

    /// 1 for each passage among the `count` nearest by either measure, all of equal distance included.
    func nearest(_ count: Int) -> [UInt8] {
        let (unit, sum) = (Self.nearLimit(units, count), Self.nearLimit(sums, count))
        var chosen = [UInt8](repeating: 0, count: units.count)
        for passage in units.indices where units[passage] <= unit || sums[passage] <= sum { chosen[passage] = 1 }
        return chosen
    }

    /// About `count` of the farthest passages by each measure.
    func farthest(_ count: Int) -> [Int] {
        var chosen: Set<Int> = []
        for distances in [units, sums] {
            let limit = Self.farLimit(distances, count)
            var found = 0
            for passage in distances.indices where distances[passage] >= limit && distances[passage] != Self.excluded {
                chosen.insert(passage)
                found += 1
                if found == 2 * count { break }
            }
        }
        return chosen.sorted()
    }

    /// The distance within which the `count` nearest lie.
    private static func nearLimit(_ distances: [UInt16], _ count: Int) -> UInt16 {
        var seen = 0
        for (distance, passages) in histogram(distances).enumerated() {
            seen += passages
            if seen >= count { return UInt16(distance) }
        }
        return excluded - 1
    }

    /// The distance beyond which the `count` farthest lie.
    private static func farLimit(_ distances: [UInt16], _ count: Int) -> UInt16 {
        var seen = 0
        for (distance, passages) in histogram(distances).enumerated().reversed() {
            seen += passages
            if seen >= count { return UInt16(distance) }
        }
        return 0
    }

    /// How many passages have each distance; excluded ones aren't counted.
    private static func histogram(_ distances: [UInt16]) -> [Int] {
        var histogram = [Int](repeating: 0, count: Int(excluded))
        histogram.withUnsafeMutableBufferPointer { histogram in
            for distance in distances where distance != excluded { histogram[Int(distance)] += 1 }
        }
        let last = histogram.lastIndex { $0 > 0 } ?? -1
        return Array(histogram[...last])
    }
}
