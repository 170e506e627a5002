internal import Database
internal import Foundation
internal import VidSift

/// What was accepted, and what has become of it: read when nothing works any more.
struct Ledger {
    let accepted: Set<String>
    let effects: [Effect]
    let archive: [ArchivedJob]
    let attempts: [Attempt]
    private let open: Int

    /// An attempt with the job that it was made at.
    struct Attempt: RowDecodable {
        let job: JobID
        let fence: Int
        let startedAt: Date
        let outcome: JobAttempt.Outcome

        init(row: Row) throws {
            job = try row.decode("job_id")
            fence = try row.decode("fence")
            startedAt = try row.decode("started_at")
            outcome = try row.decode("outcome")
        }
    }

    init(accepted: Set<String>, on database: Database) async throws {
        self.accepted = accepted
        effects = try await Effect.all(on: database)
        archive = try await ArchivedJob.list(limit: .max, on: database)
        attempts = try await database.rows("SELECT job_id, fence, started_at, outcome FROM job_attempts")
        open = try await database.value("SELECT count(*) FROM jobs", as: Int.self) ?? 0
    }

    /// What must not be; empty when all is well.
    var faults: [String] {
        (open > 0 ? ["\(open) jobs have not ended"] : []) + effectFaults + archiveFaults + familyFaults + fenceFaults
    }

    private var effectFaults: [String] {
        let counts = Dictionary(grouping: effects) { "\($0.kind):\($0.subject)" }
        let missing = accepted.filter { counts[$0] == nil }.map { "\($0) has no effect" }
        let doubled = counts.filter { !Self.isExactlyOnce($0.value) }.map { name, effects in
            "\(name) has the effects of fences \(effects.map(\.fence).sorted())"
        }
        return missing + doubled
    }

    /// A job whose effect and end are two transactions may repeat the effect, but only under another fence.
    private static func isExactlyOnce(_ effects: [Effect]) -> Bool {
        guard effects[0].kind == FencedJob.kind.rawValue else { return effects.count == 1 }
        return Set(effects.map(\.fence)).count == effects.count
    }

    private var archiveFaults: [String] {
        let counts = Dictionary(grouping: archive, by: \.description)
        let missing = accepted.filter { counts[$0] == nil }.map { "\($0) is not in the archive" }
        let doubled = counts.filter { $0.value.count > 1 }.map { "\($0.key) ended \($0.value.count) times" }
        let failed = archive.filter { $0.state != .completed }.map { "\($0.description) ended as \($0.state)" }
        let done = Set(effects.map { "\($0.kind):\($0.subject)" })
        let idle = counts.keys.filter { !done.contains($0) }.map { "\($0) ended without an effect" }
        return missing + doubled + failed + idle
    }

    private var familyFaults: [String] {
        let children = Dictionary(grouping: archive.filter { $0.parentID != nil }) { $0.parentID }
        return archive.filter { $0.kind == ParentJob.kind }.flatMap { parent -> [String] in
            let children = children[parent.id] ?? []
            let late = children.filter { $0.finishedAt > parent.finishedAt }
            return late.map { "\(parent.description) ended before \($0.description)" }
                + (children.isEmpty ? ["\(parent.description) ended without children"] : [])
        }
    }

    /// In seconds. The time of an attempt is that at which the transaction of its claim began, which may be before the
    /// attempt before it had ended.
    private static let longestClaim = 1.0

    private var fenceFaults: [String] {
        let ended = Dictionary(archive.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        return Dictionary(grouping: attempts, by: \.job).flatMap { id, attempts -> [String] in
            let inOrder = attempts.sorted { $0.fence < $1.fence }
            let isInOrder = zip(inOrder, inOrder.dropFirst()).allSatisfy { one, next in
                next.startedAt > one.startedAt.addingTimeInterval(-Self.longestClaim)
            }
            let last = ended[id]?.fence ?? .max
            return (isInOrder ? [] : ["\(id): a later fence began earlier"])
                + (inOrder.allSatisfy { $0.fence < last } ? [] : ["\(id): an attempt has a later fence than the end"])
        }
    }
}

extension ArchivedJob {
    fileprivate var description: String { "\(kind.rawValue):\(subject)" }
}
