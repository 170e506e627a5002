extension SpreadRule {
    /// Picks hits one after the other, each time the best that is left after what it loses to those already picked.
    ///
    /// - Parameter hits: Best first. Their scores stay as they are; only the order and choice change.
    func chosen(from hits: [SearchHit], limit: Int, severalVideos: Bool) -> [SearchHit] {
        var rest = hits
        var chosen: [SearchHit] = []
        var taken: [String: Int] = [:]
        while chosen.count < limit, let index = next(rest, taken, severalVideos) {
            let hit = rest.remove(at: index)
            if dropsRepeats, chosen.contains(where: { $0.isRepeated(by: hit) }) { continue }
            taken[hit.video, default: 0] += 1
            chosen.append(hit)
        }
        return chosen
    }

    private func next(_ hits: [SearchHit], _ taken: [String: Int], _ severalVideos: Bool) -> Int? {
        var best: (index: Int, score: Float)?
        for (index, hit) in hits.enumerated() {
            if let best, hit.score <= best.score { break }
            let count = taken[hit.video] ?? 0
            if let maximumPerVideo, severalVideos, count >= maximumPerVideo { continue }
            let score = severalVideos ? hit.score - penaltyPerVideo * Float(count) : hit.score
            if best == nil || score > best?.score ?? 0 { best = (index, score) }
        }
        return best?.index
    }
}

extension SearchHit {
    /// True for a neighbouring passage that was found by the same seconds: passages share two sentences.
    fileprivate func isRepeated(by other: SearchHit) -> Bool {
        guard video == other.video, abs(passage - other.passage) == 1 else { return false }
        guard let mine = bestUnit, let theirs = other.bestUnit else { return false }
        let shared = min(mine.upperBound, theirs.upperBound) - max(mine.lowerBound, theirs.lowerBound)
        return 2 * shared > min(mine.count, theirs.count)
    }
}
