/// Looks until it is so: for what tells nobody when it happens.
///
/// - Returns: how long it took.
/// - Throws: `NeverHappened` when the time is up, what the closure throws.
@discardableResult
public func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ isSo: () async throws -> Bool
) async throws -> Duration {
    let start = ContinuousClock.now
    while try await !isSo() {
        guard ContinuousClock.now - start < limit else { throw NeverHappened(what: what, limit: limit) }
        try await Task.sleep(for: pauseBetweenLooks)
    }
    return ContinuousClock.now - start
}

private let pauseBetweenLooks = Duration.milliseconds(10)

/// What a test waited for in vain.
public struct NeverHappened: Error, CustomStringConvertible {
    var what: String
    var limit: Duration
    /// What did not happen, and for how long.
    public var description: String { "not within \(limit): \(what)" }
}
