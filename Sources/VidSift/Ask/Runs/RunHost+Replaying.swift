extension RunHost {
    /// How many events are shown again at a time.
    private static let replayedAtOnce = 100

    /// The next events of a run that has ended, whoever's it is; none at the end.
    ///
    /// - Throws: `DatabaseError`.
    package func replayed(_ id: RunID, after number: Int) async throws -> [NumberedEvent] {
        try await events(of: id, after: number, limit: Self.replayedAtOnce)
    }
}
