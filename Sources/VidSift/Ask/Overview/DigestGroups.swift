/// Divides the passages that stand for a scope into groups of which each fits one prompt; pure.
enum DigestGroups {
    /// The most groups: each is a call to the model.
    static let maximumGroups = 12
    /// Passages of a group, as long as there are groups left.
    static let usualPassages = 40

    /// The groups, in reading order and of about one size.
    ///
    /// Where all would be too many groups, of each video only its best passage is taken, and where even these are, some
    /// videos at even distances.
    ///
    /// - Parameter room: the tokens that the passages of one prompt may have.
    static func of(_ passages: [Retrieval.Passage], room: Int) -> [[Retrieval.Passage]] {
        if let groups = split(passages, room: room) { return groups }
        var digests = DigestChoice.best(ofEach: passages)
        while true {
            if let groups = split(digests, room: room) { return groups }
            let fitting = digests.count * maximumGroups / runs(costs(of: digests), room: room, atMost: .max).count
            digests = DigestChoice.evenly(digests, atMost: min(digests.count - 1, fitting))
        }
    }

    /// - Returns: nil where these are too many.
    private static func split(_ passages: [Retrieval.Passage], room: Int) -> [[Retrieval.Passage]]? {
        let costs = costs(of: passages)
        let fewest = runs(costs, room: room, atMost: .max)
        guard fewest.count <= maximumGroups else { return nil }
        let wanted = (passages.count + usualPassages - 1) / usualPassages
        let groups = max(1, min(maximumGroups, max(fewest.count, wanted)))
        let even = runs(costs, room: room, atMost: (passages.count + groups - 1) / groups)
        return (even.count <= maximumGroups ? even : fewest).map { Array(passages[$0]) }
    }

    private static func costs(of passages: [Retrieval.Passage]) -> [Int] {
        passages.map(PassageFence.tokens(of:))
    }

    /// Runs of neighbours that fit, of at most so many; what alone is too long is a run by itself, and will be cut.
    static func runs(_ costs: [Int], room: Int, atMost count: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start = 0
        var left = room
        for (place, cost) in costs.enumerated() {
            if place > start, cost > left || place - start >= count {
                runs.append(start..<place)
                start = place
                left = room
            }
            left -= cost
        }
        if start < costs.count { runs.append(start..<costs.count) }
        return runs
    }
}
