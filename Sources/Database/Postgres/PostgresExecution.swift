internal import CPostgres

extension PostgresSession {
    /// Runs one statement and decodes its rows as they arrive: at no time are all of them in memory twice.
    ///
    /// It runs to its end on the server, whatever is wanted of its rows.
    func run<T>(
        _ statement: PostgresStatements.Statement, _ values: [SQLValue], _ options: RunOptions,
        _ decode: (Row) throws -> T, _ watch: inout PostgresWatch
    ) throws -> StatementResult<T> {
        do {
            return try runOnce(statement, values, options, decode, &watch)
        } catch let stale as PostgresStaleStatement {
            guard !isInTransaction else { throw stale.error }
            return try runOnce(statement, values, options, decode, &watch)
        }
    }

    private func runOnce<T>(
        _ statement: PostgresStatements.Statement, _ values: [SQLValue], _ options: RunOptions,
        _ decode: (Row) throws -> T, _ watch: inout PostgresWatch
    ) throws -> StatementResult<T> {
        if statements.wantsName(statement), !isInFailedTransaction { try prepare(statement, values, &watch) }
        try send(statement, values)
        PQsetSingleRowMode(handle)
        var rows = PostgresRows<T>(options)
        var failure: (any Error)?
        while let result = try nextResult(&watch) {
            switch result.status {
            case PGRES_SINGLE_TUPLE:
                rows.take(result.handle, columns(of: statement, result.handle), decode)
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                rows.changes = result.changes
            default:
                failure = self.failure(of: result, statement)
            }
            if isBroken { break }
        }
        statement.didRun()
        try finish(&watch, error: failure ?? rows.failure)
        return StatementResult(rows: rows.decoded, changes: rows.changes)
    }

    /// Runs one or more statements without values, for their effect.
    func execute(_ text: String, _ watch: inout PostgresWatch) throws {
        guard PQsendQuery(handle, text) == 1 else { throw sendFailure(text) }
        var failure: (any Error)?
        while let result = try nextResult(&watch) {
            lastTag = result.tag
            if failure == nil, !result.isSuccess { failure = self.failure(of: result, text) }
            if isBroken { break }
        }
        try finish(&watch, error: failure)
    }

    /// After a failure that went unnoticed here, the server answers a commit by rolling back, without an error.
    func checkCommitted() throws {
        guard lastTag == "ROLLBACK" else { return }
        throw DatabaseError(.other, "The transaction was rolled back: one of its statements had failed.")
    }

    /// Asks the server for its process's number, and compares it with that of the login.
    func isBehindPooler(_ watch: inout PostgresWatch) throws -> Bool {
        let statement = statements.statement("SELECT pg_backend_pid()")
        let options = RunOptions(wanted: 1, maximumRows: 1, timeout: watch.timeout)
        let process = try run(statement, [], options, { try $0.decode(at: 0, as: Int.self) }, &watch).rows.first
        return process != Int(PQbackendPID(handle))
    }

    // MARK: - Sending

    func send(_ statement: PostgresStatements.Statement, _ values: [SQLValue]) throws {
        try parameters.withList(values) { list in
            let isSent =
                if let name = statement.name {
                    PQsendQueryPrepared(handle, name, list.count, list.values, list.lengths, list.formats, 1)
                } else {
                    PQsendQueryParams(
                        handle, statement.text, list.count, list.types, list.values, list.lengths, list.formats, 1)
                }
            guard isSent == 1 else { throw sendFailure(statement.text) }
        }
    }

    private func prepare(
        _ statement: PostgresStatements.Statement, _ values: [SQLValue], _ watch: inout PostgresWatch
    ) throws {
        if !isInTransaction { try closeUnused(&watch) }
        try sendPrepare(statement, values)
        var failure: (any Error)?
        while let result = try nextResult(&watch) {
            if failure == nil, !result.isSuccess { failure = self.failure(of: result, statement) }
            if isBroken { break }
        }
        if failure != nil { statements.forgetName(of: statement, isGone: true) }
        try finish(&watch, error: failure)
    }

    /// Sends what prepares the statement, which has its name from here on.
    func sendPrepare(_ statement: PostgresStatements.Statement, _ values: [SQLValue]) throws {
        let name = statements.newName()
        let types = values.map { PostgresType.parameterOid(of: $0) }
        guard PQsendPrepare(handle, name, statement.text, CInt(types.count), types) == 1 else {
            throw sendFailure(statement.text)
        }
        statements.didPrepare(statement, as: name)
    }

    /// Gives back the statements that are prepared and of no use any more. Not inside a transaction: it would fail
    /// together with this.
    func closeUnused(_ watch: inout PostgresWatch) throws {
        guard !statements.unused.isEmpty else { return }
        let text = statements.unused.map { "DEALLOCATE \($0)" }.joined(separator: "; ")
        statements.didCloseUnused()
        do {
            try execute(text, &watch)
        } catch let error as DatabaseError where error.sqlState == PostgresFailure.unknownStatement {
            // Somebody has given back all.
        }
    }

    // MARK: - Answers

    /// The columns of the result, read from its first row.
    func columns(of statement: PostgresStatements.Statement, _ result: OpaquePointer) -> PostgresColumns {
        if let known = statement.columns, known.count == PQnfields(result) { return known }
        let columns = PostgresColumns(result)
        statement.columns = columns
        return columns
    }

    /// The error of a statement; forgets its name where the server wants it prepared anew.
    func failure(of result: borrowing PostgresResult, _ statement: PostgresStatements.Statement) -> any Error {
        let error = failure(of: result, statement.text)
        guard let name = statement.name, let failure = result.failure, failure.wantsNewStatement else { return error }
        statements.forgetName(of: statement, isGone: failure.isUnknownStatement)
        return PostgresStaleStatement(name: name, error: error)
    }
}

/// A prepared statement no longer fits the tables, or the server has lost it. Nothing of it has run.
struct PostgresStaleStatement: Error {
    let name: String
    let error: DatabaseError
}

/// The rows of one statement, decoded as they come.
struct PostgresRows<T> {
    private let options: RunOptions
    private(set) var decoded: [T] = []
    /// What went wrong with a row. The rows after it are let go.
    private(set) var failure: (any Error)?
    var changes = 0

    init(_ options: RunOptions) {
        self.options = options
    }

    /// Takes all rows of the result.
    mutating func take(_ result: OpaquePointer, _ columns: PostgresColumns, _ decode: (Row) throws -> T) {
        for row in 0..<PQntuples(result) {
            guard failure == nil, options.wanted.map({ decoded.count < $0 }) ?? true else { return }
            guard decoded.count < options.maximumRows else {
                failure = DatabaseError(.tooLarge, "A result has more than \(options.maximumRows) rows.")
                return
            }
            do {
                columns.index.startRow()
                let source = PostgresRow(result: result, columns: columns, row: row)
                decoded.append(try decode(Row(source: source, columns: columns.index)))
            } catch {
                failure = error
            }
        }
    }
}
