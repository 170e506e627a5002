import Database

/// Rows that are made when they are asked for.
struct GeneratedRows: Sequence, Sendable {
    let row: @Sendable (Int) -> [SQLValue]?

    func makeIterator() -> AnyIterator<[SQLValue]> {
        var next = 0
        return AnyIterator {
            defer { next += 1 }
            return row(next)
        }
    }
}
