import Database

extension Database {
    /// Runs the closure many times at once.
    func inParallel<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> T) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count { group.addTask { _ = try await body(number) } }
            try await group.waitForAll()
        }
    }

    /// Ends the backends of everybody else in a database, and returns when they are gone.
    func terminateBackends(of database: String) async throws {
        _ = try await values(
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
            WHERE datname = \(database) AND pid <> pg_backend_pid()
            """, as: Bool.self)
    }

    /// Runs the closure while so many snapshots are open, each with a connection of its own.
    func whileAllRead(_ count: Int, _ body: () async throws -> Void) async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let end = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    try await self.read { _ in
                        begin.yield()
                        for await _ in end.stream {}
                    }
                }
            }
            defer { end.continuation.finish() }
            var iterator = begun.makeAsyncIterator()
            for _ in 0..<count { await iterator.next() }
            try await body()
        }
    }
}
