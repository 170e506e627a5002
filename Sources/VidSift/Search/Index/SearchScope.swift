/// The segments that one search looks at, and the numbers of their passages in it.
struct SearchScope {
    let entries: [SearchIndex.Entry]
    let languages: [String]
    /// The number of each segment's first passage, and behind the last the number of passages.
    let bases: [Int]
    /// Sum of the lengths of all passages.
    let totalLength: Int

    var passages: Int { bases[entries.count] }

    init(entries: [SearchIndex.Entry], languages: [String]) {
        self.entries = entries
        self.languages = languages
        var bases = [0]
        bases.reserveCapacity(entries.count + 1)
        var passages = 0
        var length = 0
        for index in entries.indices {
            passages += Int(entries[index].view.passages)
            length += Int(entries[index].view.totalLength)
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
