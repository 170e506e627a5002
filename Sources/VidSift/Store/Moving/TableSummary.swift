internal import Crypto

/// What a table holds, in three numbers that are the same for the same rows on every engine.
package struct TableSummary: Sendable, Hashable, Codable {
    package var name: String
    package var rows: Int
    /// Bytes of all values, with eight for a number.
    package var bytes: Int
    /// SHA-256 of the rows' checksums in the order of their keys, as lower-case hexadecimal digits.
    package var checksum: String
}

/// Adds up the rows of a table as they come by.
struct TableSum: Sendable {
    private var hash = SHA256()
    private(set) var rows = 0
    private var bytes = 0

    /// - Parameter marks: the rows of the next range, in any order.
    mutating func add(_ marks: some Sequence<RowMark>) {
        for mark in marks.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            hash.update(data: mark.digest)
            rows += 1
            bytes += mark.size
        }
    }

    func summary(of table: MovableTable) -> TableSummary {
        let digits = hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        return TableSummary(name: table.name, rows: rows, bytes: bytes, checksum: digits.joined())
    }
}
