internal import Synchronization

/// Gathers statements that are sent together, in one round trip to a server.
///
/// ```swift
/// let (videos, count) = try await database.pipeline {
///     ($0.rows("SELECT id, title FROM videos", as: Video.self), $0.value("SELECT count(*) FROM channels", as: Int.self))
/// }
/// show(try videos.value, try count.value)
/// ```
public final class Pipeline {
    var steps: [PipelineStep] = []

    /// All rows of the result.
    public func rows<R: RowDecodable>(_ sql: SQL, as type: R.Type = R.self) -> PipelineResult<[R]> {
        fetch(sql, limit: nil, decode: { try R(row: $0) }, finish: { $0 })
    }

    /// The first row of the result, `nil` if there is none.
    public func first<R: RowDecodable>(_ sql: SQL, as type: R.Type = R.self) -> PipelineResult<R?> {
        fetch(sql, limit: 1, decode: { try R(row: $0) }, finish: { $0.first })
    }

    /// The first column of all rows.
    public func values<T: SQLDecodable>(_ sql: SQL, as type: T.Type = T.self) -> PipelineResult<[T]> {
        fetch(sql, limit: nil, decode: { try $0.decode(at: 0, as: T.self) }, finish: { $0 })
    }

    /// The first column of the first row, `nil` if there is no row.
    public func value<T: SQLDecodable>(_ sql: SQL, as type: T.Type = T.self) -> PipelineResult<T?> {
        fetch(sql, limit: 1, decode: { try $0.decode(at: 0, as: T.self) }, finish: { $0.first })
    }

    /// How many rows the statement has changed.
    @discardableResult
    public func execute(_ sql: SQL) -> PipelineResult<Int> {
        let result = PipelineResult<Int>()
        steps.append(
            PipelineStep(
                sql: sql, wanted: 0, start: {}, take: { _ in }, finish: { changes in result.set(changes) }))
        return result
    }

    private func fetch<R: Sendable, T: Sendable>(
        _ sql: SQL, limit: Int?, decode: @escaping @Sendable (Row) throws -> R,
        finish: @escaping @Sendable ([R]) -> T
    ) -> PipelineResult<T> {
        let result = PipelineResult<T>()
        let rows = PipelineRows<R>()
        steps.append(
            PipelineStep(
                sql: sql, wanted: limit, start: { rows.removeAll() }, take: { rows.append(try decode($0)) },
                finish: { _ in result.set(finish(rows.removeAll())) }))
        return result
    }
}

/// What a statement of a pipeline gives, once the pipeline is done.
public final class PipelineResult<Value: Sendable>: Sendable {
    private let known = Mutex<Value?>(nil)

    /// The result.
    /// - Throws: `DatabaseError` of kind `misuse` as long as the pipeline is not done.
    public var value: Value {
        get throws {
            guard let value = known.withLock({ $0 }) else {
                throw DatabaseError(.misuse, "The result of a pipeline was read before its end.")
            }
            return value
        }
    }

    func set(_ value: Value) {
        known.withLock { $0 = value }
    }
}

/// One statement of a pipeline. What it does with rows happens on the connection's thread.
struct PipelineStep: Sendable {
    let sql: SQL
    /// How many rows are wanted, `nil` for all.
    let wanted: Int?
    /// Forgets what was taken, when the statement begins; also when it begins anew.
    let start: @Sendable () -> Void
    /// Takes one wanted row.
    let take: @Sendable (Row) throws -> Void
    /// Ends with the number of rows that were changed.
    let finish: @Sendable (_ changes: Int) -> Void
}

/// The rows of one statement of a pipeline.
private final class PipelineRows<R: Sendable>: Sendable {
    private let rows = Mutex<[R]>([])

    func append(_ row: R) {
        rows.withLock { $0.append(row) }
    }

    @discardableResult
    func removeAll() -> [R] {
        rows.withLock { rows in
            defer { rows = [] }
            return rows
        }
    }
}
