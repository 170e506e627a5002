internal import VidSift

/// Its effect and its end are one transaction: the effect is there exactly once.
struct AtomicJob: JobPayload {
    static let kind = JobKind(rawValue: "atomic")
    static let version = 1
    var subject: String
}

/// Its effect is a transaction of its own, which asks for the fence: the effect is there at least once.
struct FencedJob: JobPayload {
    static let kind = JobKind(rawValue: "fenced")
    static let version = 1
    var subject: String
}

/// Its first attempt fails.
struct RetriedJob: JobPayload {
    static let kind = JobKind(rawValue: "retried")
    static let version = 1
    var subject: String
}

/// Has children, and ends after them.
struct ParentJob: JobPayload {
    static let kind = JobKind(rawValue: "parent")
    static let version = 1
    var subject: String
    var children: Int
}

/// One of a parent's children.
struct ChildJob: JobPayload {
    static let kind = JobKind(rawValue: "child")
    static let version = 1
    var subject: String
}

/// A job that a subject offers.
enum OfferedJob: CaseIterable {
    case atomic, fenced, retried, parent

    /// - Parameter subject: unlike that of any other offered job.
    func job(_ subject: String, children: Int) throws -> NewJob {
        switch self {
        case .atomic: try NewJob(AtomicJob(subject: subject))
        case .fenced: try NewJob(FencedJob(subject: subject))
        case .retried: try NewJob(RetriedJob(subject: subject))
        case .parent: try NewJob(ParentJob(subject: subject, children: children))
        }
    }
}
