public import Foundation

/// What yt-dlp knows about a video.
public struct YtDlpVideo: Sendable, Equatable {
    /// Whether it is, was or will be a broadcast. A premiere counts as one.
    public enum LiveStatus: String, Sendable, Equatable {
        case never = "not_live"
        case upcoming = "is_upcoming"
        case live = "is_live"
        /// It has ended, and its recording is not complete yet.
        case ended = "post_live"
        case recorded = "was_live"
    }

    /// A part of it, as its author has divided it.
    public struct Chapter: Sendable, Equatable {
        /// Its heading.
        public var title: String
        /// Seconds from the video's beginning.
        public var start: Double
        /// Seconds from the video's beginning.
        public var end: Double?

        /// Creates a part.
        public init(title: String, start: Double, end: Double? = nil) {
            self.title = title
            self.start = start
            self.end = end
        }
    }

    /// YouTube's id.
    public var id: String
    /// Its title, as it is shown.
    public var title: String
    /// What its author says about it.
    public var description: String
    /// The channel it is in.
    public var channelID: YouTubeChannelID?
    /// The channel's name.
    public var channel: String?
    /// The channel's handle.
    public var handle: YouTubeHandle?
    /// Its length in seconds.
    public var duration: Double?
    /// When it appeared; only the day, at midnight UTC, where YouTube says no more.
    public var publishedAt: Date?
    /// When a broadcast or premiere begins or began.
    public var startsAt: Date?
    /// Whether it is, was or will be a broadcast.
    public var liveStatus: LiveStatus
    /// Who may see it.
    public var access: YtDlpAccess?
    /// The age from which one may see it; 0 for anybody.
    public var ageLimit: Int
    /// Its parts, in their order.
    public var chapters: [Chapter]
    /// The language that is spoken, where YouTube says it.
    public var language: String?
    /// The captions that there are.
    public var captions: [CaptionTrack]
    /// Whether there is sound or picture that can be downloaded.
    public var hasMedia: Bool
    /// Whether YouTube has captions that it does not show to us.
    public var captionsAreWithheld = false

    /// Creates a video; without more it is one that anybody may see, with sound, and without captions.
    public init(
        id: String, title: String, description: String = "", channelID: YouTubeChannelID? = nil,
        channel: String? = nil, handle: YouTubeHandle? = nil, duration: Double? = nil, publishedAt: Date? = nil,
        startsAt: Date? = nil, liveStatus: LiveStatus = .never, access: YtDlpAccess? = nil, ageLimit: Int = 0,
        chapters: [Chapter] = [], language: String? = nil, captions: [CaptionTrack] = [], hasMedia: Bool = true
    ) {
        self.id = id
        self.title = title
        self.description = description
        self.channelID = channelID
        self.channel = channel
        self.handle = handle
        self.duration = duration
        self.publishedAt = publishedAt
        self.startsAt = startsAt
        self.liveStatus = liveStatus
        self.access = access
        self.ageLimit = ageLimit
        self.chapters = chapters
        self.language = language
        self.captions = captions
        self.hasMedia = hasMedia
    }

    /// Why nothing can be had of it yet; nil when it is past that.
    public var tooEarly: YtDlpError? {
        switch liveStatus {
        case .upcoming: YtDlpError(.upcoming, startsAt: startsAt)
        case .live: YtDlpError(.live)
        case .never, .ended, .recorded: nil
        }
    }

    /// Says why there are no captions in `languages`, and what there is.
    func lacksCaptions(in languages: [String]) -> YtDlpError {
        if liveStatus == .ended { return YtDlpError(.recordingPending) }
        if captionsAreWithheld { return YtDlpError(.captionsWithheld) }
        let others = Set(captions.filter { !$0.isTranslation }.map(\.language)).sorted()
        guard !others.isEmpty else { return YtDlpError(.noCaptions, "This video has no captions.") }
        let wanted = languages.joined(separator: ", ")
        return YtDlpError(
            .noCaptions, "This video has captions in \(others.joined(separator: ", ")), and none in \(wanted).")
    }
}

/// Who may see a video.
public enum YtDlpAccess: String, Sendable, Equatable {
    case anybody = "public"
    /// Whoever has its address.
    case unlisted
    case invited = "private"
    case members = "subscriber_only"
    case premiumMembers = "premium_only"
    case signedIn = "needs_auth"
    /// Nobody any more.
    case removed
}
