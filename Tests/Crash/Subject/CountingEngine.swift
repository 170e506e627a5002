#if DEBUG
    @testable internal import Database

    /// A real engine of which every step is a point at which the process may be killed.
    struct CountingEngine: Engine {
        let real: any Engine
        let points: Points

        var dialect: Dialect { real.dialect }
        var maximumWriters: Int { real.maximumWriters }

        func connect(_ access: Access) async throws -> any Connection {
            let connection = try await points.around("connect to \(access)") { try await real.connect(access) }
            return CountingConnection(real: connection, dialect: dialect, points: points)
        }

        func listen(on channels: [String]) async throws -> (any ListeningConnection)? {
            try await points.around("listen") { try await real.listen(on: channels) }
        }
    }

    /// A connection that passes a point before it sends anything, and one when that is answered.
    final class CountingConnection: Connection {
        private let real: any Connection
        private let dialect: Dialect
        private let points: Points

        init(real: any Connection, dialect: Dialect, points: Points) {
            self.real = real
            self.dialect = dialect
            self.points = points
        }

        var isUsable: Bool { real.isUsable }
        var isConnected: Bool { real.isConnected }

        func run<T: Sendable>(
            _ sql: SQL, options: RunOptions, decode: @escaping @Sendable (Row) throws -> T
        ) async throws -> StatementResult<T> {
            try await points.around(sql.beginning) { try await real.run(sql, options: options, decode: decode) }
        }

        func run(_ steps: [PipelineStep], options: RunOptions) async throws {
            let first = steps.first?.sql.beginning ?? ""
            try await points.around("pipeline \(first)") { try await real.run(steps.map(counted), options: options) }
        }

        /// Between the statements of a pipeline there are points, too.
        private func counted(_ step: PipelineStep) -> PipelineStep {
            PipelineStep(
                sql: step.sql, wanted: step.wanted,
                start: { [points] in
                    points.pass("inside pipeline at \(step.sql.beginning)")
                    step.start()
                }, take: step.take, finish: step.finish)
        }

        func insert(
            _ rows: some Sequence<[SQLValue]> & Sendable, into target: InsertTarget, options: RunOptions
        ) async throws -> Int {
            try await points.around("insert into \(target.table)") {
                try await real.insert(rows, into: target, options: options)
            }
        }

        func runScript(_ script: String) async throws {
            try await points.around("script") { try await real.runScript(script) }
        }

        func control(_ step: TransactionStep) async throws {
            try await points.around(dialect.text(of: step)) { try await real.control(step) }
        }

        func close() async { await real.close() }
    }

    extension SQL {
        /// The first characters, by which the statements of a worker are told apart.
        fileprivate var beginning: String {
            let words = description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return String(words.prefix(60))
        }
    }
#endif
