/// The words of a vocabulary as a trie over bytes, whose edges lie in one open hash table: one look-up finds a child.
///
/// Two tries share the table: that of tokens which start a word, and that of tokens which continue one (`##ing`).
struct VocabularyTrie: Sendable {
    /// A place in the trie.
    typealias Node = UInt32

    /// Where tokens that start a word begin.
    static let wordStart: Node = 1
    /// Where tokens that continue a word begin (their `##` is not stored).
    static let continuation: Node = 2

    /// `node << 8 | byte` in the high half, the child in the low half; 0 is empty (there is no node 0).
    private var edges: [UInt64]
    private var mask: Int
    /// The token that ends at a node; -1 for none.
    private var tokenOfNode: [Int32] = [-1, -1, -1]

    /// Builds the trie of `tokens`, whose index is their id. Of a token that stands twice the last id counts.
    init(tokens: [ArraySlice<UInt8>]) {
        edges = [UInt64](repeating: 0, count: 1 << 10)
        mask = edges.count - 1
        for (id, token) in tokens.enumerated() where !token.isEmpty {
            if token.count > 2 && token.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "#")]) {
                insert(token.dropFirst(2), Int32(id), from: Self.continuation)
            } else {
                insert(token, Int32(id), from: Self.wordStart)
            }
        }
    }

    /// The longest token that `bytes[start...]` begins with, and where it ends.
    @inline(__always)
    func longestMatch(
        in bytes: UnsafeBufferPointer<UInt8>, from start: Int, root: Node
    ) -> (token: Int32, end: Int)? {
        edges.withUnsafeBufferPointer { edges in
            tokenOfNode.withUnsafeBufferPointer { tokenOfNode in
                var node = root
                var found: (token: Int32, end: Int)?
                var position = start
                while position < bytes.count {
                    let edge = edges[Self.slot(of: node << 8 | Node(bytes[position]), in: edges, mask)]
                    guard edge != 0 else { break }
                    node = Node(truncatingIfNeeded: edge)
                    position += 1
                    if tokenOfNode[Int(node)] >= 0 { found = (tokenOfNode[Int(node)], position) }
                }
                return found
            }
        }
    }

    /// The slot that holds `key`, or the empty one where it would be.
    @inline(__always)
    private static func slot(of key: UInt32, in edges: UnsafeBufferPointer<UInt64>, _ mask: Int) -> Int {
        // Fibonacci hashing; the table is never more than half full, so that the search ends.
        var slot = Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while edges[slot] != 0 && UInt32(truncatingIfNeeded: edges[slot] >> 32) != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func insert(_ key: ArraySlice<UInt8>, _ token: Int32, from root: Node) {
        var node = root
        for byte in key { node = child(of: node, byte) }
        tokenOfNode[Int(node)] = token
    }

    private mutating func child(of node: Node, _ byte: UInt8) -> Node {
        let key = node << 8 | Node(byte)
        let mask = mask
        let slot = edges.withUnsafeBufferPointer { Self.slot(of: key, in: $0, mask) }
        if edges[slot] != 0 { return Node(truncatingIfNeeded: edges[slot]) }
        let child = Node(tokenOfNode.count)
        precondition(child < 1 << 24, "a vocabulary has at most 16 million prefixes")
        tokenOfNode.append(-1)
        edges[slot] = UInt64(key) << 32 | UInt64(child)
        if tokenOfNode.count * 2 > edges.count { grow() }
        return child
    }

    private mutating func grow() {
        let old = edges
        edges = [UInt64](repeating: 0, count: old.count * 2)
        let mask = edges.count - 1
        self.mask = mask
        edges.withUnsafeMutableBufferPointer { edges in
            for edge in old where edge != 0 {
                edges[Self.slot(of: UInt32(truncatingIfNeeded: edge >> 32), in: UnsafeBufferPointer(edges), mask)] =
                    edge
            }
        }
    }
}
