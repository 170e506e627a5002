/// Brings words and meaning onto one scale: each part is normalised to 0...1 between the worst and the best of the
/// scope, and the score is their weighted mean.
///
/// It beats reciprocal rank fusion on every set measured. A passage without vectors counts as the worst by meaning.
struct Fusion {
    private let weights: FusionWeights
    private let keywordRange: ClosedRange<Float>
    private let unitRange: ClosedRange<Float>
    private let passageRange: ClosedRange<Float>

    init(weights: FusionWeights, mode: SearchMode, statistics: SearchStatistics) {
        var weights = weights
        if mode == .semantic { weights.keyword = 0 }
        if mode == .keyword || statistics.vectors == 0 {
            weights.unit = 0
            weights.passage = 0
            if mode != .semantic { weights.keyword = 1 }
        }
        let total = weights.unit + weights.passage + weights.keyword
        if total > 0 {
            weights.unit /= total
            weights.passage /= total
            weights.keyword /= total
        }
        self.weights = weights
        keywordRange = statistics.keywordRange
        unitRange = statistics.unitRange
        passageRange = statistics.passageRange
    }

    /// The fused score, 0...1 when the weights aren't negative.
    func score(unit: Float?, passage: Float?, keyword: Float) -> Float {
        var score = weights.keyword * Self.normalised(keyword, keywordRange)
        if let unit { score += weights.unit * Self.normalised(unit, unitRange) }
        if let passage { score += weights.passage * Self.normalised(passage, passageRange) }
        return score
    }

    /// The place of a value in a range; in a range without width, 1 for what is above 0.
    private static func normalised(_ value: Float, _ range: ClosedRange<Float>) -> Float {
        let width = range.upperBound - range.lowerBound
        guard width > 0 else { return value > 0 ? 1 : 0 }
        return min(1, max(0, (value - range.lowerBound) / width))
    }
}
