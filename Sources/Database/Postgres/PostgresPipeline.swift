internal import CPostgres

extension PostgresSession {
    /// Runs statements one after the other without waiting for each: one round trip for as many as fit.
    ///
    /// They are one transaction, unless one is open. It ends with the last statement; where some write and rows are to
    /// be decoded, only when that has succeeded, unless the options say otherwise, which costs a second round trip. Answers are read while statements are
    /// still being sent, and only so many are under way at a time: neither end can wait for the other to make room.
    func run(
        _ steps: [PipelineStep], _ statements: [PostgresStatements.Statement], _ options: RunOptions,
        _ watch: inout PostgresWatch
    ) throws {
        do {
            try runOnce(steps, statements, options, &watch)
        } catch let stale as PostgresStaleStatement {
            guard !isInTransaction else { throw stale.error }
            try runOnce(steps, statements, options, &watch)
        }
    }

    private func runOnce(
        _ steps: [PipelineStep], _ statements: [PostgresStatements.Statement], _ options: RunOptions,
        _ watch: inout PostgresWatch
    ) throws {
        let isDecodedFirst =
            options.undoesUndecodable && !isInTransaction && steps.contains { $0.wanted != 0 }
            && statements.contains { $0.words.writes }
        if !isInTransaction { try closeUnused(&watch) }
        guard PQenterPipelineMode(handle) == 1 else { throw sendFailure(nil) }
        var flow = PostgresPipelineFlow(steps, statements, options)
        do {
            try sendAll(&flow, &watch)
            if isDecodedFirst { try decodeAll(&flow, &watch) }
            guard isBroken || PQpipelineSync(handle) == 1 else { throw sendFailure(nil) }
            try readToSync(&flow, &watch)
        } catch {
            // Answers are still under way, and nobody waits for them.
            markBroken()
            throw error
        }
        if !isBroken, PQexitPipelineMode(handle) != 1 { markBroken() }
        try finish(&watch, error: flow.failure)
    }

    // MARK: - Sending

    private func sendAll(_ flow: inout PostgresPipelineFlow, _ watch: inout PostgresWatch) throws {
        while let next = flow.nextToSend, flow.failure == nil, watch.stop == nil, !isBroken {
            if statements.wantsName(next.statement) {
                try sendPrepare(next.statement, next.values)
                flow.didSendPrepare()
            }
            try send(next.statement, next.values)
            flow.didSend()
            if flow.isFull {
                // The server keeps answers back until it is asked for them, or the end is reached.
                guard PQsendFlushRequest(handle) == 1 else { throw sendFailure(next.statement.text) }
                while flow.isFull, flow.failure == nil, !isBroken { try readOne(&flow, &watch) }
            }
        }
    }

    /// Reads the answers before the transaction ends, and undoes it when a row can't be decoded.
    private func decodeAll(_ flow: inout PostgresPipelineFlow, _ watch: inout PostgresWatch) throws {
        guard isBroken || PQsendFlushRequest(handle) == 1 else { throw sendFailure(nil) }
        while flow.isAwaited, flow.failure == nil, !isBroken { try readOne(&flow, &watch) }
        guard flow.failure != nil, !isBroken else { return }
        guard PQsendQueryParams(handle, "ROLLBACK", 0, nil, nil, nil, nil, 1) == 1 else { throw sendFailure(nil) }
    }

    // MARK: - Answers

    private func readToSync(_ flow: inout PostgresPipelineFlow, _ watch: inout PostgresWatch) throws {
        while !flow.isSynced, !isBroken { try readOne(&flow, &watch) }
    }

    /// Takes one answer: rows, the end of a statement, or the end of the pipeline.
    private func readOne(_ flow: inout PostgresPipelineFlow, _ watch: inout PostgresWatch) throws {
        if let prepared = flow.beingPrepared { return try readPrepare(prepared, &flow, &watch) }
        guard let result = try nextResult(&watch) else {
            flow.current?.didRun()
            return flow.didEndStatement()
        }
        switch result.status {
        case PGRES_PIPELINE_SYNC:
            flow.isSynced = true
        case PGRES_SINGLE_TUPLE:
            // libpq gives the rows of the first statement one by one if it did so before the pipeline.
            guard let statement = flow.current else { return }
            flow.take(result.handle, columns(of: statement, result.handle))
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            guard let statement = flow.current else { return }
            flow.take(result.handle, columns(of: statement, result.handle))
            flow.finishStep(changes: result.changes)
        case PGRES_PIPELINE_ABORTED:
            break
        default:
            guard let statement = flow.current else {
                flow.fail(failure(of: result, nil))
                return
            }
            flow.fail(failure(of: result, statement))
        }
    }

    /// Takes the answer to the preparation of a statement, which has its name already.
    private func readPrepare(
        _ statement: PostgresStatements.Statement, _ flow: inout PostgresPipelineFlow, _ watch: inout PostgresWatch
    ) throws {
        guard let result = try nextResult(&watch) else { return flow.didEndPrepare() }
        guard result.status != PGRES_COMMAND_OK else { return }
        statements.forgetName(of: statement, isGone: true)
        if result.status != PGRES_PIPELINE_ABORTED { flow.fail(failure(of: result, statement.text)) }
    }
}

/// How far a pipeline has come: what is sent, what is answered.
struct PostgresPipelineFlow {
    private let steps: [PipelineStep]
    private let statements: [PostgresStatements.Statement]
    private let options: RunOptions
    private var sent = 0
    private var answered = 0
    private var bytesUnderWay = 0
    /// The steps before which their statement is prepared, as far as that is not answered.
    private var preparing: Set<Int> = []
    /// The rows of the statement that is being answered.
    private var rows: PostgresRows<Void>?
    /// The end of the pipeline has been answered.
    var isSynced = false
    private(set) var failure: (any Error)?

    init(_ steps: [PipelineStep], _ statements: [PostgresStatements.Statement], _ options: RunOptions) {
        self.steps = steps
        self.statements = statements
        self.options = options
    }

    var nextToSend: (statement: PostgresStatements.Statement, values: [SQLValue])? {
        sent < steps.count ? (statements[sent], steps[sent].sql.values) : nil
    }

    /// Whether statements are without an answer.
    var isAwaited: Bool { answered < sent }

    /// Whether more may only be sent after an answer.
    var isFull: Bool {
        sent - answered >= PostgresLimits.pipelineDepth
            || (isAwaited && bytesUnderWay >= PostgresLimits.pipelineBytes)
    }

    /// The statement whose answer is being read.
    var current: PostgresStatements.Statement? { isAwaited ? statements[answered] : nil }

    /// The statement whose preparation is answered next.
    var beingPrepared: PostgresStatements.Statement? {
        preparing.contains(answered) ? statements[answered] : nil
    }

    mutating func didSendPrepare() {
        preparing.insert(sent)
    }

    mutating func didEndPrepare() {
        preparing.remove(answered)
    }

    mutating func didSend() {
        bytesUnderWay += size(of: sent)
        sent += 1
    }

    mutating func didEndStatement() {
        guard isAwaited else { return }
        bytesUnderWay -= size(of: answered)
        answered += 1
    }

    /// Takes rows of the statement that is being answered. After a failure what comes is let go.
    mutating func take(_ result: OpaquePointer, _ columns: PostgresColumns) {
        guard failure == nil else { return }
        let step = steps[answered]
        var rows = rows ?? begin(step)
        rows.take(result, columns, step.take)
        self.rows = rows
        if let error = rows.failure { fail(error) }
    }

    private func begin(_ step: PipelineStep) -> PostgresRows<Void> {
        step.start()
        var options = options
        options.wanted = step.wanted
        return PostgresRows(options)
    }

    /// All rows of the statement have come.
    mutating func finishStep(changes: Int) {
        rows = nil
        if failure == nil { steps[answered].finish(changes) }
    }

    /// Keeps the first failure: those after it follow from it.
    mutating func fail(_ error: any Error) {
        if failure == nil { failure = error }
    }

    private func size(of step: Int) -> Int {
        steps[step].sql.values.reduce(statements[step].text.utf8.count) { size, value in
            switch value {
            case .text(let text): size + text.utf8.count
            case .blob(let bytes): size + bytes.count
            case .null, .integer, .real, .boolean, .time: size + 8
            }
        }
    }
}
