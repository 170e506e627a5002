internal import Database

/// A run of a table's rows by the columns of its order; without an end on either side, the whole table.
struct KeyRange: Sendable, Hashable {
    /// It begins behind this.
    var after: [SQLValue]?
    /// It ends with this.
    var through: [SQLValue]?

    /// The most rows of a range.
    static let maximumRows = 1_000
    /// The most bytes of a range's large values, if it has more rows than one.
    static let maximumBytes = 4 << 20

    fileprivate func condition(_ table: MovableTable) -> SQL {
        let columns = "(" + table.order.joined(separator: ", ") + ")"
        var condition: SQL = "1 = 1"
        if let after { condition = "\(unescaped: columns) > \(list: after)" }
        if let through { condition = "\(condition) AND \(unescaped: columns) <= \(list: through)" }
        return condition
    }
}

/// Divides a table into ranges that fit into memory, as it goes along. Together they are the whole table: the last has
/// no end, so that it shows what another library has behind it.
struct RangePlan: Sendable {
    private let table: MovableTable
    private var after: [SQLValue]?
    /// The next one is the last.
    private var found: [KeyRange] = []
    private var isAtEnd = false

    /// How many keys are looked at together.
    private var keysAtATime: Int { table.large.isEmpty ? 5_000 : 200 }

    init(_ table: MovableTable) {
        self.table = table
    }

    /// The range that follows; nil after the last row.
    mutating func next(on db: some SQLRunner) async throws -> KeyRange? {
        if found.isEmpty, !isAtEnd { try await look(on: db) }
        return found.popLast()
    }

    private mutating func look(on db: some SQLRunner) async throws {
        let keys = table.order.isEmpty ? [] : try await keys(on: db)
        isAtEnd = keys.count < keysAtATime
        var range = KeyRange(after: after)
        var (rows, bytes) = (0, 0)
        for key in keys {
            let isFull = rows >= KeyRange.maximumRows || bytes + key.size > KeyRange.maximumBytes
            if isFull, let last = range.through, last != key.values {
                found.append(range)
                range = KeyRange(after: last)
                (rows, bytes) = (0, 0)
            }
            range.through = key.values
            rows += 1
            bytes += key.size
        }
        after = range.through
        if isAtEnd { range.through = nil }
        found.append(range)
        found.reverse()
    }

    private func keys(on db: some SQLRunner) async throws -> [(values: [SQLValue], size: Int)] {
        let order = table.order.joined(separator: ", ")
        let size = table.large.map { "length(\($0))" }.joined(separator: " + ")
        let count = table.order.count
        return try await db.fetch(
            """
            SELECT \(unescaped: order), \(unescaped: size.isEmpty ? "0" : size) FROM \(unescaped: table.name)
            WHERE \(KeyRange(after: after).condition(table)) ORDER BY \(unescaped: order) LIMIT \(keysAtATime)
            """, limit: nil
        ) { row in
            (try (0..<count).map { try row.decode(at: $0) }, try row.decode(at: count))
        }
    }
}

extension MovableTable {
    /// The rows of a range, in no order.
    func rows(in range: KeyRange, on db: some SQLRunner) async throws -> [MovedRow] {
        try await db.fetch(selection(range), limit: nil) { try MovedRow($0, of: self) }
    }

    /// What is kept of a range's rows to compare them, in no order.
    func marks(in range: KeyRange, on db: some SQLRunner) async throws -> [RowMark] {
        try await db.fetch(selection(range), limit: nil) { try MovedRow($0, of: self).mark }
    }

    private func selection(_ range: KeyRange) -> SQL {
        "SELECT \(unescaped: columnNames.joined(separator: ", ")) FROM \(unescaped: name) WHERE \(range.condition(self))"
    }

    /// The keys of a range, in no order.
    func keys(in range: KeyRange, on db: some SQLRunner) async throws -> Set<[SQLValue]> {
        let count = key.count
        let keys = try await db.fetch(
            "SELECT \(unescaped: key.joined(separator: ", ")) FROM \(unescaped: name) WHERE \(range.condition(self))",
            limit: nil
        ) { row in try (0..<count).map { try row.decode(at: $0, as: SQLValue.self) } }
        return Set(keys)
    }

    /// Counts all rows.
    func count(on db: some SQLRunner) async throws -> Int {
        try await db.value("SELECT count(*) FROM \(unescaped: name)", as: Int.self) ?? 0
    }

    /// Reads all rows and adds them up.
    func summary(on db: some SQLRunner, onRows: @Sendable (Int) -> Void = { _ in }) async throws -> TableSummary {
        var plan = RangePlan(self)
        var sum = TableSum()
        while let range = try await plan.next(on: db) {
            sum.add(try await marks(in: range, on: db))
            onRows(sum.rows)
        }
        return sum.summary(of: self)
    }
}
