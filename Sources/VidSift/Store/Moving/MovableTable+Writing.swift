internal import Database

extension MovableTable {
    /// Writes what differs from the rows of a range: what is missing is inserted, what is different is overwritten.
    /// Nothing is ever deleted that others refer to.
    ///
    /// - Parameter present: the rows of the range that are there already.
    /// - Returns: how many rows were written.
    func write(_ rows: [MovedRow], over present: [RowMark], on tx: Transaction) async throws -> Int {
        let known = Dictionary(present.map { ($0.key, $0.digest) }, uniquingKeysWith: { first, _ in first })
        let missing = rows.filter { known[$0.mark.key] == nil }
        let different = rows.filter { known[$0.mark.key].map { [digest = $0.mark.digest] in $0 != digest } ?? false }
        try await tx.insert(into: name, columns: columnNames, rows: missing.lazy.map(\.values))
        for row in different { try await overwrite(row, on: tx) }
        try await derive(from: missing + different, on: tx)
        return missing.count + different.count
    }

    private func overwrite(_ row: MovedRow, on tx: Transaction) async throws {
        let pairs = zip(columns, row.values).filter { !key.contains($0.0.name) }
        let changes = pairs.dropFirst().reduce(assignment(pairs[0])) { "\($0), \(assignment($1))" }
        try await tx.execute("UPDATE \(unescaped: name) SET \(changes) WHERE \(identity(of: row.values))")
    }

    private func assignment(_ pair: (Column, SQLValue)) -> SQL { "\(unescaped: pair.0.name) = \(pair.1)" }

    private func identity(of values: [SQLValue]) -> SQL {
        let pairs = keyPlaces.map { (columns[$0], values[$0]) }
        return pairs.dropFirst().reduce(assignment(pairs[0])) { "\($0) AND \(assignment($1))" }
    }

    /// A segment that is there before its passages has let the database derive search rows from others: once more.
    private func derive(from passages: [MovedRow], on tx: Transaction) async throws {
        guard name == "passages", let place = columns.firstIndex(where: { $0.name == "video_id" }) else { return }
        let videos = Set(passages.map { $0.values[place] })
        guard !videos.isEmpty else { return }
        try await tx.execute("UPDATE segments SET model = model WHERE video_id IN \(list: videos)")
    }

    /// Removes the rows of a range that the source has not.
    ///
    /// - Returns: how many there were.
    func remove(_ keys: Set<[SQLValue]>, on tx: Transaction) async throws -> Int {
        for values in keys {
            let pairs = Array(zip(keyPlaces.map { columns[$0] }, values))
            let condition = pairs.dropFirst().reduce(assignment(pairs[0])) { "\($0) AND \(assignment($1))" }
            try await tx.execute("DELETE FROM \(unescaped: name) WHERE \(condition)")
        }
        return keys.count
    }
}
