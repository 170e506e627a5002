internal import Foundation

/// What a kind of work is about: the typed form of a job's payload.
package protocol JobPayload: Codable, Sendable {
    static var kind: JobKind { get }
    /// Grows with each change of the form that older programs can't read.
    static var version: Int { get }
    /// One job of the kind for each subject at a time.
    var subject: String { get }
}

/// A stored payload that this version of the program can't use.
package enum JobPayloadError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another version of the program wrote it, and may read it.
    case unknownVersion(kind: String, found: Int, known: Int)
    case malformed(kind: String, reason: String)

    package var description: String {
        switch self {
        case .unknownVersion(let kind, let found, let known):
            "version \(found) of \(kind) is not known to this program, which knows version \(known)"
        case .malformed(let kind, let reason): "the payload of \(kind) can't be read: \(reason)"
        }
    }
}

extension JobPayload {
    /// - Throws: `JobPayloadError`.
    package static func decode(_ job: Job) throws -> Self {
        guard job.version == version else {
            throw JobPayloadError.unknownVersion(kind: kind.rawValue, found: job.version, known: version)
        }
        do {
            return try JSONDecoder().decode(Self.self, from: Data(job.payload.utf8))
        } catch {
            throw JobPayloadError.malformed(kind: kind.rawValue, reason: "\(type(of: error))")
        }
    }
}

extension NewJob {
    /// - Throws: what encoding the payload throws.
    package init(
        _ payload: some JobPayload, requester: String = "", priority: JobPriority = .normal, delay: Duration = .zero,
        maximumAttempts: Int = Self.usualAttempts, parentID: JobID? = nil
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        self.init(
            kind: type(of: payload).kind, version: type(of: payload).version, subject: payload.subject,
            payload: String(decoding: try encoder.encode(payload), as: UTF8.self), requester: requester,
            priority: priority, delay: delay, maximumAttempts: maximumAttempts, parentID: parentID)
    }
}
