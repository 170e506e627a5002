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
            guard !chosen.contains(where: { $0.overlap(with: hit) > maximumOverlap }) else { continue }
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
    /// The part of the shorter passage's time that two passages of one video share, 0...1.
    fileprivate func overlap(with other: SearchHit) -> Float {
        guard video == other.video, milliseconds.overlaps(other.milliseconds) else { return 0 }
        let shorter = min(milliseconds.count, other.milliseconds.count)
        return shorter == 0 ? 0 : Float(milliseconds.clamped(to: other.milliseconds).count) / Float(shorter)
    }
}
