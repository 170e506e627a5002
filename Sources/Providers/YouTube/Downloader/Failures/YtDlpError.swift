public import Foundation

/// Why yt-dlp did not give what was asked for, and what can be done about it.
public struct YtDlpError: Error, Sendable, Equatable {
    /// What went wrong.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        // The video or list itself.
        case notFound, unavailable, privateVideo, removed, accountTerminated, membersOnly, ageRestricted, notInCountry
        case paymentRequired, copyProtected, tooLarge
        /// The list is there, and nothing is in it.
        case emptyList
        // Not now, but later.
        case upcoming, live, recordingPending
        // Captions.
        /// Automatic ones come hours after the video: for a new one this may change, though it is called permanent.
        case noCaptions
        /// YouTube has captions, and shows them only to players that have proved themselves (a "PO token").
        case captionsWithheld
        /// The answer was empty; so YouTube answers programs that it does not trust.
        case captionsEmpty
        /// The answer was cut short, or is something else.
        case captionsDamaged
        /// YouTube's question for consent came instead.
        case consent
        // The way there.
        case network, timeout, serverError, refused
        // YouTube does not want to answer this address any more.
        case rateLimited, botCheck
        // Something here that its owner has to see to.
        case proxy, cookies, storage, ffmpegMissing, noFormats, toolMissing, toolOld, toolCrashed
        /// An error that is not known here.
        case unrecognised
    }

    /// What to do about it.
    public enum Outcome: Sendable, Hashable {
        /// Nothing: it will not work later either.
        case permanent
        /// Ask again when the broadcast or premiere is over: ``YtDlpError/startsAt``, where that is known.
        case notYet
        /// Try again later.
        case passing
        /// Ask YouTube nothing at all for a while.
        case blocked
        /// The owner of this program has to do something: ``YtDlpError/reason`` says what.
        case ownersTurn
    }

    /// What went wrong.
    public let kind: Kind
    /// A sentence or two for people.
    public let reason: String
    /// The end of what yt-dlp said, for the log, without passwords and paths.
    public let detail: String?
    /// When what is not yet there is to begin.
    public let startsAt: Date?

    /// The most characters of yt-dlp's own words that are kept.
    public static let maximumDetail = 2000

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - reason: Where it says more than the words that each kind has.
    ///   - detail: Its end is kept.
    public init(_ kind: Kind, _ reason: String? = nil, detail: String? = nil, startsAt: Date? = nil) {
        self.kind = kind
        self.reason = reason ?? kind.words
        self.detail = detail.map { String($0.suffix(Self.maximumDetail)) }
        self.startsAt = startsAt
    }

    /// What to do about it.
    public var outcome: Outcome {
        switch kind {
        case .notFound, .unavailable, .privateVideo, .removed, .accountTerminated, .membersOnly: .permanent
        case .ageRestricted, .notInCountry, .paymentRequired, .copyProtected, .tooLarge, .emptyList: .permanent
        case .noCaptions: .permanent
        case .upcoming, .live, .recordingPending: .notYet
        case .captionsEmpty, .captionsDamaged, .captionsWithheld: .passing
        case .network, .timeout, .serverError, .refused, .unrecognised: .passing
        case .rateLimited, .botCheck, .consent: .blocked
        case .proxy, .cookies, .storage, .ffmpegMissing, .noFormats, .toolMissing, .toolOld, .toolCrashed: .ownersTurn
        }
    }

    /// Whether the same may succeed later without anybody doing anything.
    public var isRetryable: Bool {
        switch outcome {
        case .passing, .blocked, .notYet: true
        case .permanent, .ownersTurn: false
        }
    }
}

extension YtDlpError: CustomStringConvertible, CustomDebugStringConvertible {
    /// Safe to show.
    public var description: String { reason }

    /// Complete, for the log.
    public var debugDescription: String {
        "\(kind.rawValue): \(reason)" + (detail.map { " — \($0)" } ?? "")
    }
}

extension YtDlpError {
    init(_ error: ProcessError) {
        switch error {
        case .notFound(let program):
            self.init(.toolMissing, detail: program)
        case .notStarted(let program, let reason):
            self.init(.toolCrashed, "The system could not start yt-dlp.", detail: "\(program): \(reason)")
        case .tookTooLong(let limit):
            self.init(.timeout, "yt-dlp did not end within \(limit.components.seconds) seconds, and was stopped.")
        case .tooMuchOutput(let limit):
            self.init(
                .tooLarge, "yt-dlp wrote more about it than the \(limit >> 20) MB that are read, and was stopped.")
        }
    }

    static func old(_ version: YtDlpVersion) -> YtDlpError {
        YtDlpError(
            .toolOld,
            "yt-dlp \(version) is too old for YouTube as it is today: at least \(YtDlpVersion.minimum) is needed. "
                + "Update it: python3 -m pip install --upgrade \"yt-dlp[default]\"")
    }
}
