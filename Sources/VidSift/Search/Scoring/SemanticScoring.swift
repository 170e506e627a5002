/// The cosines of a scope's passages: of each one's best unit and of its own vector.
///
/// In a small scope all vectors are compared. In a large one, signatures (a bit a dimension) choose the candidates:
/// the passages nearest by their best unit, nearest by unit and own vector together, and best by words; only these are
/// compared in full. The bottom of the scale, which normalisation needs, is then that of the farthest signatures.
struct SemanticScoring {
    /// Vectors up to which all are compared in full.
    static let exactLimit = 40_000
    /// Passages that signatures choose in a larger scope, by each of two measures.
    static let candidateCount = 4_000
    /// Farthest passages that are compared in full to learn the bottom of the scale.
    static let farthestCount = 32

    struct Cosines {
        var passage: Int
        var unit: Float
        var own: Float
    }

    private(set) var candidates: [Cosines] = []
    private(set) var unitRange: ClosedRange<Float> = 0...0
    private(set) var passageRange: ClosedRange<Float> = 0...0
    private(set) var usedSignatures = false
    private(set) var vectors = 0

    private let query: QueryVector
    private let scope: SearchScope
    private let allowed: [Bool]?
    /// Segments that have comparable vectors.
    let usable: [Bool]
    private var scratch: [Float] = []

    /// - Parameters:
    ///   - allowed: The passages that pass the filters; nil allows all.
    ///   - others: Passages that are to be scored in any case.
    init(
        query: QueryVector, modelName: String?, scope: SearchScope, allowed: [Bool]?, others: [Int],
        exactLimit: Int = Self.exactLimit
    ) {
        self.query = query
        self.scope = scope
        self.allowed = allowed
        usable = scope.entries.map { entry in
            Int(entry.view.dimensions) == query.dimensions
                && (modelName == nil || scope.models[entry.model] == modelName)
        }
        for segment in scope.views.indices where usable[segment] {
            vectors += Int(scope.views[segment].units + scope.views[segment].passages)
        }
        usedSignatures = vectors > exactLimit
        if usedSignatures { scoreCandidates(others) } else { scoreAll() }
    }

    /// The units of a passage with their cosines, in the order of time; none where its segment has no usable vectors.
    func units(segment: Int, passage: Int) -> [ScoredUnit] {
        let view = scope.views[segment]
        let units = view.units(of: passage)
        guard usable[segment], !units.isEmpty else { return [] }
        let cosines = [Float](unsafeUninitializedCapacity: units.count) { buffer, count in
            buffer.baseAddress.map { query.cosines(view, first: units.lowerBound, count: units.count, into: $0) }
            count = units.count
        }
        return zip(units, cosines).map { ScoredUnit(milliseconds: view.unitTimes($0), score: $1) }
    }

    private mutating func scoreAll() {
        candidates.reserveCapacity(scope.passages)
        var scratch: [Float] = []
        for segment in scope.views.indices where usable[segment] {
            let view = scope.views[segment]
            let count = Int(view.units + view.passages)
            if scratch.count < count { scratch = [Float](repeating: 0, count: count) }
            query.cosines(view, first: 0, count: count, into: &scratch)
            collect(scratch, view: view, base: scope.bases[segment])
        }
        setRanges(candidates)
    }

    private mutating func collect(_ cosines: [Float], view: SegmentView, base: Int) {
        for passage in 0..<Int(view.passages) where allows(base + passage) {
            let own = cosines[Int(view.units) + passage]
            var unit = -Float.infinity
            for index in view.units(of: passage) { unit = max(unit, cosines[index]) }
            candidates.append(Cosines(passage: base + passage, unit: unit.isFinite ? unit : own, own: own))
        }
    }

    private mutating func scoreCandidates(_ others: [Int]) {
        let distances = SignatureDistances(query: query, scope: scope, usable: usable, allowed: allowed)
        var chosen = distances.nearest(Self.candidateCount)
        for passage in others { chosen[passage] = 1 }
        var waiting: (segment: Int, place: Int)?
        for segment in scope.views.indices where usable[segment] {
            for place in 0..<Int(scope.views[segment].passages) where chosen[scope.bases[segment] + place] != 0 {
                scope.views[segment].fetchRows(of: place)  // they arrive while the one before is compared
                if let waiting { collect(waiting) }
                waiting = (segment, place)
            }
        }
        if let waiting { collect(waiting) }
        setRanges(
            candidates
                + distances.farthest(Self.farthestCount).compactMap {
                    let (segment, place) = scope.locate($0)
                    return cosines(segment: segment, place: place)
                })
    }

    private mutating func collect(_ found: (segment: Int, place: Int)) {
        if let cosines = cosines(segment: found.segment, place: found.place) { candidates.append(cosines) }
    }

    private mutating func cosines(segment: Int, place: Int) -> Cosines? {
        let passage = scope.bases[segment] + place
        guard usable[segment], allows(passage) else { return nil }
        let view = scope.views[segment]
        var own: Float = 0
        query.cosines(view, first: Int(view.units) + place, count: 1, into: &own)
        let units = view.units(of: place)
        guard !units.isEmpty else { return Cosines(passage: passage, unit: own, own: own) }
        if scratch.count < units.count { scratch = [Float](repeating: 0, count: units.count) }
        query.cosines(view, first: units.lowerBound, count: units.count, into: &scratch)
        return Cosines(passage: passage, unit: scratch[..<units.count].max() ?? own, own: own)
    }

    private mutating func setRanges(_ all: [Cosines]) {
        guard let first = all.first else { return }
        var (lowUnit, highUnit, lowOwn, highOwn) = (first.unit, first.unit, first.own, first.own)
        for cosines in all {
            lowUnit = min(lowUnit, cosines.unit)
            highUnit = max(highUnit, cosines.unit)
            lowOwn = min(lowOwn, cosines.own)
            highOwn = max(highOwn, cosines.own)
        }
        unitRange = lowUnit...highUnit
        passageRange = lowOwn...highOwn
    }

    private func allows(_ passage: Int) -> Bool { allowed?[passage] ?? true }
}
