/// The statements that a connection has seen, by their text and the types of their values.
///
/// One that comes again is prepared on the server, under a name, so that it is parsed and planned once. The one that
/// was not used for longest goes when there are too many.
final class PostgresStatements {
    /// A statement: what its words tell, and what is kept of it on the server.
    final class Statement {
        let text: String
        let words: PostgresStatementWords
        /// The name under which it is prepared.
        fileprivate(set) var name: String?
        /// The columns of its result: while it runs, and as long as it is prepared.
        var columns: PostgresColumns?
        fileprivate var isRepeated = false
        fileprivate var use: UInt64 = 0

        init(_ text: String) {
            self.text = text
            words = PostgresStatementWords(text)
        }

        /// Only a prepared statement fails when its columns would be others: any other is looked at anew.
        func didRun() {
            if name == nil { columns = nil }
        }
    }

    private struct Key: Hashable {
        let pieces: [String]
        let types: [UInt8]
    }

    private let limit: Int
    private let dialect: Dialect
    private var statements: [Key: Statement] = [:]
    private var prepared = 0
    private var uses: UInt64 = 0
    private var names = 0
    /// The names that are of no use any more and still take memory on the server.
    private(set) var unused: [String] = []

    /// - Parameter limit: how many are prepared; 0 where a pooler may give each transaction another connection.
    init(limit: Int, dialect: Dialect) {
        self.limit = limit
        self.dialect = dialect
    }

    func statement(_ sql: SQL) -> Statement {
        uses += 1
        let key = Key(pieces: sql.pieces, types: sql.values.map(\.tag))
        if let known = statements[key] {
            known.use = uses
            known.isRepeated = true
            return known
        }
        let statement = Statement(dialect.text(of: sql))
        statement.use = uses
        if statements.count >= max(1, limit) * PostgresLimits.rememberedPerPrepared { forgetOldest() }
        statements[key] = statement
        return statement
    }

    /// Whether it is worth preparing: it comes again, and is not prepared yet.
    func wantsName(_ statement: Statement) -> Bool {
        statement.name == nil && statement.isRepeated && limit > 0
    }

    /// A name for a statement that is about to be prepared.
    func newName() -> String {
        names += 1
        return "s\(names)"
    }

    func didPrepare(_ statement: Statement, as name: String) {
        statement.name = name
        prepared += 1
        while prepared > limit, let oldest = oldestPrepared(besides: statement) { forgetName(of: oldest) }
    }

    /// The server no longer has the statement (`isGone`), or must plan it anew.
    func forgetName(of statement: Statement, isGone: Bool = false) {
        guard let name = statement.name else { return }
        statement.name = nil
        statement.columns = nil
        prepared -= 1
        if !isGone { unused.append(name) }
    }

    func didCloseUnused() {
        unused.removeAll()
    }

    private func oldestPrepared(besides newest: Statement) -> Statement? {
        statements.values.lazy.filter { $0.name != nil && $0 !== newest }.min { $0.use < $1.use }
    }

    /// Makes room by a quarter at a time: the search for the oldest looks at all.
    private func forgetOldest() {
        let byUse = statements.sorted { $0.value.use < $1.value.use }
        for (key, statement) in byUse.prefix(max(1, byUse.count / 4)) {
            forgetName(of: statement)
            statements[key] = nil
        }
    }
}

extension SQLValue {
    /// One byte for the type that the server is told.
    fileprivate var tag: UInt8 {
        switch self {
        case .null, .text: 0
        case .integer: 1
        case .real: 2
        case .boolean: 3
        case .blob: 4
        case .time: 5
        }
    }
}
