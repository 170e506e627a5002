/// What is to be done, as data: a kind and what it is done to. Behaviour is bound to kinds in the composition root.
package struct Job: Sendable, Hashable {
    /// The kinds of work there are.
    package enum Kind: String, Sendable, CaseIterable {
        /// Build the index of a video whose transcript was accepted; the subject is the video's id.
        case indexVideo = "index_video"
    }

    package var kind: Kind
    package var subject: String

    /// The name of the lease under which it is done.
    var lockName: String { kind.lockPrefix + subject }

    package init(kind: Kind, subject: String) {
        self.kind = kind
        self.subject = subject
    }
}

extension Job.Kind {
    /// What the names of the leases of this kind begin with; the subject follows.
    var lockPrefix: String { rawValue + ":" }
}

/// How a job ended, as a value: whoever runs jobs switches over it once.
package enum JobOutcome: Sendable {
    case done
    /// It failed and may succeed later.
    case retry(after: Duration, reason: String)
    /// It can't succeed as things are.
    case buried(reason: String)
}

/// What is done for jobs of one kind, under the lease that makes this worker the only one.
package typealias JobHandler = @Sendable (Job, ProcessingLock) async throws -> JobOutcome
