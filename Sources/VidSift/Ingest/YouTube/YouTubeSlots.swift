internal import Database
internal import Logging

/// How many runs of yt-dlp all instances over one database have at a time: one lease for each.
struct YouTubeSlots: Sendable {
    /// Whoever would wait longer for one does something else.
    static let longestWait = Duration.seconds(YouTubePace.longestWait)
    /// After which that is tried again.
    static let putOff = Duration.seconds(60)
    /// Between two looks for a free one; up to twice as long, so that those who wait don't look together.
    static let pauseBetweenLooks = Duration.milliseconds(500)

    /// The leases by their names.
    private let slots: [(name: String, leases: Leases)]
    var count: Int { slots.count }

    /// - Parameter folder: the library's folder, where it is kept in one: there the slot of a process that ended is free
    ///   at once, elsewhere when its lease is over.
    init(_ count: Int, database: Database, folder: String?, logger: Logger) {
        slots = (1...max(1, count)).map { number in
            let name = "youtube-\(number)"
            let lockPath = folder.map { "\(DataDirectory.database(in: $0)).\(name).lock" }
            return (name, Leases(database: database, lockPath: lockPath, logger: logger))
        }
    }

    /// Runs the closure while it holds a slot, and cancels it when it loses it.
    ///
    /// - Returns: nil, without having run it, where none became free in time.
    /// - Throws: `YouTubeNotNow` when it was lost, `DatabaseError`, what the closure throws.
    func withSlot<T: Sendable>(
        _ clock: any Clock<Duration>, _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T? {
        var waited = Duration.zero
        while true {
            for (name, leases) in slots.shuffled() {
                do {
                    if let result = try await leases.withLease(name, { _ in try await body() }) { return result }
                } catch is LeaseLost {
                    throw YouTubeNotNow(
                        after: Self.putOff, reason: "yt-dlp was stopped: the database could not be reached in time.")
                }
            }
            guard waited < Self.longestWait else { return nil }
            let pause = Self.pauseBetweenLooks * .random(in: 1..<2)
            try await clock.sleep(for: pause)
            waited += pause
        }
    }
}
