extension SearchIndex {
    /// The most central passages of each video, spread over its length, in reading order: what stands for it where all
    /// of it is too much. Their scores are their centralities.
    func digests(ofPassages count: Int, videos: Set<String>?) -> [[SearchHit]] {
        entries.filter { videos?.contains($0.video) ?? true }.map { entry in
            let shares = Centrality.ofPassages(entry.segment)
            return Centrality.keyPlaces(shares, count: count).map { passage in
                SearchHit(
                    video: entry.video, passage: passage, milliseconds: entry.view.passageTimes(passage),
                    score: shares[passage], keywordScore: 0, unitScore: nil, passageScore: nil, units: [])
            }
        }
    }
}
