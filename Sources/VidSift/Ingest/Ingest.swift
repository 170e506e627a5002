internal import Captions
internal import Database

/// Takes captions in: checks them, writes them down, and leaves the index to a job.
package struct Ingest: Sendable {
    let database: Database
    /// Called when there is new work.
    let onAccepted: @Sendable () -> Void
    /// The longest transcript that is kept, as JSON in bytes: as much as can be read again.
    var maximumTranscriptBytes = Transcript.maximumBytes

    /// How often a source is written down that meets another at the same rows.
    static let maximumAttempts = 8

    /// What became of a source.
    package enum Outcome: Sendable, Hashable {
        /// New or changed; its index is to be made by the job.
        case accepted(VideoID, job: JobID, isReplacement: Bool)
        /// The very same content is there already.
        case unchanged(VideoID)

        package var videoID: VideoID {
            switch self {
            case .accepted(let id, _, _), .unchanged(let id): id
            }
        }
    }

    /// Captions and what is said about them.
    package struct Submission: Sendable {
        /// The captions' bytes.
        package var bytes: [UInt8]
        /// The file's name; its ending tells the format.
        package var fileName: String
        /// What names the source: the same key with other content replaces.
        package var key: String
        package var sourceID: String
        package var youtubeID: String?
        package var title: String?
        package var language: String?

        package init(
            bytes: [UInt8], fileName: String, key: String, sourceID: String, youtubeID: String? = nil,
            title: String? = nil, language: String? = nil
        ) {
            self.bytes = bytes
            self.fileName = fileName
            self.key = key
            self.sourceID = sourceID
            self.youtubeID = youtubeID
            self.title = title
            self.language = language
        }
    }

    /// Checks captions and writes them down in one transaction.
    ///
    /// - Parameters:
    ///   - channel: the channel they belong to, found by name or made.
    ///   - requester: who asks; the work of several takes turns.
    /// - Throws: `IngestError` where no speech can be made of them; `DatabaseError`.
    package func accept(
        _ submission: Submission, channel: ChannelChoice, requester: String = "", priority: JobPriority = .normal
    ) async throws -> Outcome {
        let prepared = try Prepared(submission, maximumBytes: maximumTranscriptBytes)
        let source = prepared.source(of: submission)
        // What is there is looked up before it is written: of two who add the same source at once, one looks again.
        let outcome = try await database.transaction(isolation: .serializable, attempts: Self.maximumAttempts) { tx in
            let channelID = try await channel.resolve(on: tx)
            return try await Self.write(source, prepared.json, channelID, requester, priority, on: tx)
        }
        if case .accepted = outcome { onAccepted() }
        return outcome
    }

    private static func write(
        _ source: VideoSource, _ transcript: String, _ channel: ChannelID?, _ requester: String,
        _ priority: JobPriority, on tx: some SQLRunner
    ) async throws -> Outcome {
        let (video, standing) = try await source.place(in: channel, on: tx)
        if case .unchanged = standing { return .unchanged(video) }
        let job = try await PendingIngest.accept(
            video, checksum: source.checksum, title: source.title.text, transcript: transcript, requester: requester,
            priority: priority, on: tx)
        return .accepted(video, job: job, isReplacement: standing != .unknown)
    }
}

/// Which channel a source goes to.
package enum ChannelChoice: Sendable, Hashable {
    case library
    case known(ChannelID)
    /// The channel of that name, made when there is none.
    case named(String)

    func resolve(on tx: some SQLRunner) async throws -> ChannelID? {
        switch self {
        case .library: nil
        case .known(let id): id
        case .named(let name):
            if let title = Title(name) {
                try await Channel.named(title, on: tx)
            } else {
                throw IngestError.noChannelName
            }
        }
    }
}
