/// The words of a vocabulary as a trie over bytes, laid out as a double array: one look-up finds a child.
///
/// Two tries share the arrays: that of tokens which start a word, and that of tokens which continue one (`##ing`).
struct VocabularyTrie: Sendable {
    /// A place in the trie.
    typealias Node = Int32

    /// Where tokens that start a word begin.
    static let wordStart: Node = 0
    /// Where tokens that continue a word begin (their `##` is not stored).
    static let continuation: Node = 1

    private struct Cell {
        /// Where this node's children lie: at `base` plus their byte.
        var base: Int32 = 0
        /// The parent, so that a look-up can tell its own child from another's; -1 when the cell is free.
        var parent: Int32 = -1
        /// The token that ends here; -1 for none.
        var token: Int32 = -1
    }

    private var cells: [Cell]

    /// Builds the trie of `tokens`, whose index is their id.
    init(tokens: [ArraySlice<UInt8>]) {
        var words: [(key: ArraySlice<UInt8>, token: Int32)] = []
        var continuations = words
        let mark = [UInt8(ascii: "#"), UInt8(ascii: "#")]
        for (id, token) in tokens.enumerated() where !token.isEmpty {
            if token.count > mark.count && token.starts(with: mark) {
                continuations.append((token.dropFirst(mark.count), Int32(id)))
            } else {
                words.append((token, Int32(id)))
            }
        }
        cells = [Cell](repeating: Cell(), count: 1 << 17)
        cells[0].parent = 0
        cells[1].parent = 1
        var builder = Builder(cells: cells)
        for (root, entries) in [(Self.wordStart, words), (Self.continuation, continuations)] {
            builder.insert(entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }[...], at: root, depth: 0)
        }
        cells = builder.cells
    }

    /// The longest token that `bytes[start...]` begins with.
    @inline(__always)
    func longestMatch(
        in bytes: UnsafeBufferPointer<UInt8>, from start: Int, root: Node
    ) -> (token: Int32, end: Int)? {
        cells.withUnsafeBufferPointer { cells in
            var node = root
            var found: (token: Int32, end: Int)?
            var position = start
            while position < bytes.count {
                let child = cells[Int(node)].base + Int32(bytes[position])
                // The last cells are free, so that base + 255 is inside the array for every node.
                guard cells[Int(child)].parent == node, child != node else { break }
                node = child
                position += 1
                if cells[Int(node)].token >= 0 { found = (cells[Int(node)].token, position) }
            }
            return found
        }
    }

    private struct Builder {
        var cells: [Cell]
        /// Below this cell everything is taken: where the search for room starts.
        private var firstFree = 2

        init(cells: [Cell]) { self.cells = cells }

        /// Inserts sorted `entries`, which agree on their first `depth` bytes, below `node`.
        mutating func insert(
            _ entries: ArraySlice<(key: ArraySlice<UInt8>, token: Int32)>, at node: VocabularyTrie.Node, depth: Int
        ) {
            var rest = entries
            while let first = rest.first, first.key.count == depth {
                // A token that stands twice in the file keeps its last id, as in a dictionary.
                cells[Int(node)].token = max(cells[Int(node)].token, first.token)
                rest.removeFirst()
            }
            guard !rest.isEmpty else { return }
            let groups = Self.groups(rest, at: depth)
            let base = room(for: groups.map(\.byte))
            cells[Int(node)].base = Int32(base)
            for group in groups { cells[base + Int(group.byte)].parent = node }
            for group in groups {
                insert(rest[group.range], at: Int32(base + Int(group.byte)), depth: depth + 1)
            }
        }

        private static func groups(
            _ entries: ArraySlice<(key: ArraySlice<UInt8>, token: Int32)>, at depth: Int
        ) -> [(byte: UInt8, range: Range<Int>)] {
            var groups: [(byte: UInt8, range: Range<Int>)] = []
            for index in entries.indices {
                let key = entries[index].key
                let byte = key[key.startIndex + depth]
                if let last = groups.indices.last, groups[last].byte == byte {
                    groups[last].range = groups[last].range.lowerBound..<index + 1
                } else {
                    groups.append((byte, index..<index + 1))
                }
            }
            return groups
        }

        /// The lowest base at which all of `bytes` fall on free cells.
        private mutating func room(for bytes: [UInt8]) -> Int {
            while cells[firstFree].parent >= 0 { firstFree += 1 }
            var base = max(0, firstFree - Int(bytes[0]))
            while true {
                if base + 512 > cells.count { cells.append(contentsOf: repeatElement(Cell(), count: cells.count)) }
                if bytes.allSatisfy({ cells[base + Int($0)].parent < 0 }) { return base }
                base += 1
            }
        }
    }
}
