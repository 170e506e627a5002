internal import Database
internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import Providers

extension Problem {
    /// What a client is told of an error: the one place where the program's errors get a status.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as AskError: self.init(error)
        case let error as RunError: self.init(error)
        case let error as SummaryError: self.init(error)
        case is LeaseLost: self.init(SummaryError.beingMade)
        case let error as IngestError: self.init(error)
        case let error as MultipartError: self.init(error)
        case let error as DecodingError: self = .invalid("The request body can't be used: \(error.explanation).")
        case let error as DatabaseError: self.init(error)
        case let error as ProviderError: self.init(error)
        case let error as YouTubeLinkError: self = .invalid(error.description)
        case let error as YouTubeRefusal: self.init(error)
        case let error as YouTubeNotNow: self = .upstreamUnavailable(error.description, retryAfter: error.after)
        case let error as YouTubeAPIError: self.init(error)
        case let error as YtDlpError: self.init(error)
        case let error as HTTPError: self.init(error)
        case is NIOTooManyBytesError: self = .tooLarge("The request body is too large.")
        case is CancellationError:
            self.init(
                status: .serviceUnavailable, code: .notReady, detail: "The request was stopped.", isRetryable: true)
        default: self = .unexpected
        }
    }

    /// Something that nobody has thought of: the log has it, under the request's id.
    private static let unexpected = Problem(
        status: .internalServerError, code: .internalFailure,
        detail: "The server failed. Its log has the reason under this request's id.")

    private init(_ error: AskError) {
        switch error {
        case .emptyQuestion, .questionTooLong, .tooManyVideos: self = .invalid(error.description)
        case .noSuchVideo, .noSuchChannel, .noSuchSession: self = .notFound(error.description)
        case .ambiguousVideo: self.init(status: .conflict, code: .conflict, detail: error.description)
        }
    }

    /// How long to wait before a question is asked again that there was no room for.
    private static let retryAfterFull = Duration.seconds(2)
    /// How long to wait before a summary is asked for again that somebody makes.
    private static let retryAfterSummary = Duration.seconds(5)

    /// How long to wait before a recording is sent again that there was no room for.
    private static let retryAfterFullOfRecordings = Duration.seconds(60)

    private init(_ error: RunError) {
        switch error {
        case .noSuchRun: self = .notFound(error.description)
        case .tooManyRuns, .stopping:
            self.init(
                status: .serviceUnavailable, code: .notReady, detail: error.description, isRetryable: true,
                retryAfter: Self.retryAfterFull)
        }
    }

    private init(_ error: SummaryError) {
        switch error {
        case .notReady, .beingMade:
            self.init(
                status: .conflict, code: .notReady, detail: error.description, isRetryable: true,
                retryAfter: Self.retryAfterSummary)
        case .notIndexed, .noSpeech: self = .notFound(error.description)
        }
    }

    private init(_ error: IngestError) {
        switch error {
        case .tooLarge: self = .tooLarge(error.description)
        case .empty, .captions, .noSpeech, .unsupported, .noChannelName, .sound, .silentRecording:
            self = .invalid(error.description)
        case .noRecordings:
            // Until its owner sees to it.
            self.init(status: .serviceUnavailable, code: .notReady, detail: error.description)
        case .soundFailed, .tooManyRecordings:
            self.init(
                status: .serviceUnavailable, code: .notReady, detail: error.description, isRetryable: true,
                retryAfter: Self.retryAfterFullOfRecordings)
        case .unreadable, .badManifest, .nothingToAdd, .tooManyFiles:
            self = .unexpected  // Files and folders of the server's own.
        }
    }

    private init(_ error: MultipartError) {
        switch error {
        case .notMultipart, .noBoundary, .malformed, .missing: self = .invalid(error.description)
        case .tooManyParts, .headersTooLarge, .fieldTooLarge: self = .tooLarge(error.description)
        }
    }

    private init(_ error: DatabaseError) {
        switch error.kind {
        case .busy, .interrupted, .closed:
            self.init(
                status: .serviceUnavailable, code: .notReady, detail: "The database is busy.", isRetryable: true,
                retryAfter: .seconds(1))
        case .unavailable:
            // The error names the server, which is nobody's business.
            self.init(
                status: .serviceUnavailable, code: .notReady, detail: "The database is not available just now.",
                isRetryable: true, retryAfter: .seconds(1))
        case .conflict, .timedOut:
            self.init(
                status: .serviceUnavailable, code: .notReady, detail: error.description, isRetryable: true,
                retryAfter: .seconds(1))
        case .diskFull:
            self.init(
                status: .serviceUnavailable, code: .notReady,
                detail: "There is no room left for the database; nothing was changed.", isRetryable: true,
                retryAfter: .seconds(10))
        case .uniqueViolation, .foreignKeyViolation:
            self.init(
                status: .conflict, code: .conflict, detail: "Somebody else changed the same thing at the same moment.",
                isRetryable: true)
        case .unstorableText: self = .invalid(error.description)
        case .checkViolation, .notNullViolation, .inputOutput, .corrupt, .readOnly, .notADatabase, .cannotOpen,
            .decoding, .tooLarge, .misuse, .other:
            self = .unexpected
        }
    }

    private init(_ error: ProviderError) {
        if error.isRetryable {
            self = .upstreamUnavailable(error.description, retryAfter: error.retryAfter)
        } else {
            self.init(status: .badGateway, code: .upstreamRejected, detail: error.description)
        }
    }

    private init(_ error: YouTubeRefusal) {
        switch error {
        case .notFound: self = .notFound(error.description)
        case .noChannel: self = .invalid(error.description)
        }
    }

    private init(_ error: YouTubeAPIError) {
        switch error {
        case .quotaExceeded(let reset):
            self = .upstreamUnavailable(error.description, retryAfter: .seconds(reset.timeIntervalSinceNow))
        case .pageTokenRefused: self = .upstreamUnavailable(error.description)
        case .playlistNotFound, .channelNotFound, .channelClosed, .channelSuspended: self = .notFound(error.description)
        case .playlistForbidden: self = .conflict(error.description)
        }
    }

    private init(_ error: YtDlpError) {
        guard error.outcome == .permanent else {
            // What its owner has to see to may be seen to by then.
            self = .upstreamUnavailable(error.description)
            return
        }
        switch error.kind {
        case .notFound, .unavailable, .privateVideo, .removed, .accountTerminated: self = .notFound(error.description)
        default: self = .conflict(error.description)
        }
    }

    private init(_ error: HTTPError) {
        switch error.status.code {
        case 404: self = .notFound("There is nothing at this address.")
        case 413: self = .tooLarge("The request body is too large.")
        case 400..<500:
            self.init(
                status: error.status, code: .invalidRequest, detail: error.body ?? "The request can't be understood.")
        default: self = .unexpected
        }
    }
}

extension Problem {
    /// A failed answer, which told its code itself.
    init(failure message: String, code: String, isRetryable: Bool) {
        let code = Code(rawValue: code) ?? .internalFailure
        let status: HTTPResponse.Status =
            switch code {
            case .notReady, .upstreamUnavailable: .serviceUnavailable
            case .upstreamRejected: .badGateway
            case .payloadTooLarge: .contentTooLarge
            case .invalidRequest, .forbidden, .notFound, .conflict, .internalFailure: .internalServerError
            }
        self.init(status: status, code: code, detail: message, isRetryable: isRetryable)
    }
}
