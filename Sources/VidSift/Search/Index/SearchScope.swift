/// The segments that one search looks at, and the numbers of their passages in it.
struct SearchScope {
    let entries: [SearchIndex.Entry]
    /// The entries' views side by side: what the inner loops walk over, without a reference to count.
    let views: [SegmentView]
    /// The entries' languages, as indices into `languages`.
    let languageNumbers: [Int]
    let languages: [String]
    let models: [String]
    /// The number of each segment's first passage, and behind the last the number of passages.
    let bases: [Int]
    /// Sum of the lengths of all passages.
    let totalLength: Int

    var passages: Int { bases[entries.count] }

    init(entries: [SearchIndex.Entry], languages: [String], models: [String]) {
        self.entries = entries
        views = entries.map(\.view)
        languageNumbers = entries.map(\.language)
        self.languages = languages
        self.models = models
        var bases = [0]
        bases.reserveCapacity(entries.count + 1)
        var passages = 0
        var length = 0
        for view in views {
            passages += Int(view.passages)
            length += Int(view.totalLength)
            bases.append(passages)
        }
        self.bases = bases
        totalLength = length
    }

    /// The segment of a passage, and its place in the segment.
    func locate(_ passage: Int) -> (segment: Int, passage: Int) {
        var low = 0
        var high = entries.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if bases[middle] <= passage { low = middle } else { high = middle }
        }
        return (low, passage - bases[low])
    }
}
