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
        for segment in scope.entries.indices where usable[segment] {
            let view = scope.entries[segment].view
            let rows = Int(view.units + view.passages)
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
        var chosen = [UInt8](repeating: 0, count: units.count)
        for distances in [units, sums] {
            guard let limit = Self.limit(distances, count: count, nearest: true) else { continue }
            for passage in distances.indices where distances[passage] <= limit { chosen[passage] = 1 }
        }
        return chosen
    }

    /// About `count` of the farthest passages by each measure.
    func farthest(_ count: Int) -> [Int] {
        var chosen: Set<Int> = []
        for distances in [units, sums] {
            guard let limit = Self.limit(distances, count: count, nearest: false) else { continue }
            let far = distances.indices.lazy.filter { distances[$0] >= limit && distances[$0] != Self.excluded }
            chosen.formUnion(far.prefix(2 * count))
        }
        return chosen.sorted()
    }

    /// The distance that the `count`th passage has; nil when none can be chosen.
    private static func limit(_ distances: [UInt16], count: Int, nearest: Bool) -> UInt16? {
        var histogram = [Int](repeating: 0, count: Int(UInt16.max) + 1)
        for distance in distances { histogram[Int(distance)] += 1 }
        histogram[Int(excluded)] = 0
        let order = nearest ? Array(histogram.indices) : histogram.indices.reversed()
        var seen = 0
        var last: UInt16?
        for distance in order where histogram[distance] > 0 {
            seen += histogram[distance]
            last = UInt16(distance)
            if seen >= count { break }
        }
        return last
    }
}
