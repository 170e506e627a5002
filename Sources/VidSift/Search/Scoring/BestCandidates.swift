/// A passage on its way to a hit.
struct Candidate {
    /// Its number in the scope.
    var passage: Int
    var score: Float
    var keyword: Float
    var unit: Float?
    var own: Float?
}

/// Keeps the best few of many candidates: a heap with the worst that is kept on top.
struct BestCandidates {
    private let limit: Int
    /// True when the first passage goes before the second although their scores are equal.
    private let breaksTie: (Int, Int) -> Bool
    private var heap: [Candidate] = []

    init(limit: Int, breaksTie: @escaping (Int, Int) -> Bool) {
        self.limit = limit
        self.breaksTie = breaksTie
    }

    mutating func insert(_ candidate: Candidate) {
        if heap.count < limit {
            heap.append(candidate)
            rise(heap.count - 1)
        } else if let worst = heap.first, candidate.score >= worst.score, precedes(candidate, worst) {
            heap[0] = candidate
            sink(0)
        }
    }

    /// Best first.
    func sorted() -> [Candidate] { heap.sorted(by: precedes) }

    private func precedes(_ a: Candidate, _ b: Candidate) -> Bool {
        a.score == b.score ? breaksTie(a.passage, b.passage) : a.score > b.score
    }

    private mutating func rise(_ start: Int) {
        var child = start
        while child > 0, precedes(heap[(child - 1) / 2], heap[child]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if precedes(heap[worst], heap[child]) { worst = child }
            }
            guard worst != parent else { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
