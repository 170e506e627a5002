internal import GRDB

/// The prepared statements of one connection, by their text. The oldest goes when there are too many.
final class SQLiteStatementCache {
    private let limit: Int
    private var statements: [String: (statement: SQLiteStatement, use: UInt64)] = [:]
    private var uses: UInt64 = 0

    init(limit: Int) {
        self.limit = limit
    }

    func statement(_ text: String, in db: GRDB.Database) throws -> SQLiteStatement {
        uses += 1
        if let known = statements[text] {
            statements[text]?.use = uses
            return known.statement
        }
        do {
            let statement = SQLiteStatement(try db.makeStatement(sql: text))
            if statements.count >= limit { removeOldest() }
            statements[text] = (statement, uses)
            return statement
        } catch {
            throw DatabaseError(wrapping: error, statement: text)
        }
    }

    func removeAll() {
        statements.removeAll()
    }

    private func removeOldest() {
        guard let oldest = statements.min(by: { $0.value.use < $1.value.use }) else { return }
        statements[oldest.key] = nil
    }
}
