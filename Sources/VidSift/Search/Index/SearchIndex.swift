/// The segments of one scope (a channel, a video, a library), ready to be searched.
///
/// A value: a copy is a snapshot that a search can use while another one is changed. Adding and removing cost a few
/// microseconds for each thousand segments, because nothing is merged.
package struct SearchIndex: Sendable {
    private(set) var entries: [Entry] = []
    private(set) var languages: [String] = []
    private(set) var models: [String] = []
    private var positions: [String: Int] = [:]
    /// Passages in all segments.
    package private(set) var passageCount = 0
    /// Units in all segments.
    package private(set) var unitCount = 0
    /// Resident bytes of all segments.
    package private(set) var byteCount = 0

    package init() {}

    package init(_ segments: some Sequence<(video: String, segment: Segment)>) {
        for (video, segment) in segments { add(segment, video: video) }
    }

    package func contains(video: String) -> Bool { positions[video] != nil }

    package func segment(video: String) -> Segment? { positions[video].map { entries[$0].segment } }

    /// Adds a video, or puts its new segment in the place of its old one.
    package mutating func add(_ segment: Segment, video: String) {
        let entry = Entry(
            video: video, segment: segment, language: Self.number(of: segment.language, in: &languages),
            model: Self.number(of: segment.modelName, in: &models))
        if let position = positions[video] {
            count(entries[position].segment, sign: -1)
            entries[position] = entry
        } else {
            positions[video] = entries.count
            entries.append(entry)
        }
        count(segment, sign: 1)
    }

    /// Removes a video; does nothing when it isn't there.
    package mutating func remove(video: String) {
        guard let position = positions.removeValue(forKey: video) else { return }
        count(entries[position].segment, sign: -1)
        let last = entries.removeLast()
        guard last.video != video else { return }
        entries[position] = last
        positions[last.video] = position
    }

    /// The best passages for a query.
    ///
    /// Cosines are exact to the int8 of the segments, except that in a large scope (`SemanticScoring.exactLimit`) only
    /// the passages with the nearest signatures are scored. BM25 is exact.
    package func search(_ query: SearchQuery) -> SearchResult {
        let scope = SearchScope(entries: entries(passing: query.filter), languages: languages, models: models)
        return Ranking(query: query, scope: scope).result()
    }

    private func entries(passing filter: SearchFilter) -> [Entry] {
        guard let videos = filter.videos else { return entries }
        return videos.compactMap { positions[$0] }.sorted().map { entries[$0] }
    }

    private mutating func count(_ segment: Segment, sign: Int) {
        passageCount += sign * segment.passageCount
        unitCount += sign * segment.unitCount
        byteCount += sign * segment.byteCount
    }

    private static func number(of name: String, in names: inout [String]) -> Int {
        if let number = names.firstIndex(of: name) { return number }
        names.append(name)
        return names.count - 1
    }
}

extension SearchIndex {
    /// One video of the index.
    struct Entry: Sendable {
        let video: String
        let segment: Segment
        /// Index into `languages`.
        let language: Int
        /// Index into `models`.
        let model: Int
        let view: SegmentView

        init(video: String, segment: Segment, language: Int, model: Int) {
            self.video = video
            self.segment = segment
            self.language = language
            self.model = model
            view = segment.view
        }
    }
}
