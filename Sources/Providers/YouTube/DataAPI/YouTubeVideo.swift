public import Foundation

/// What came of asking for a video.
public enum YouTubeVideoLookup: Sendable, Equatable {
    /// It is there.
    case found(YouTubeVideo)
    /// It was removed, is private, or never was: without its owner's leave the API does not tell these apart.
    case missing(YouTubeVideoID)

    /// The id that was asked for.
    public var id: YouTubeVideoID {
        switch self {
        case .found(let video): video.id
        case .missing(let id): id
        }
    }
}

/// A video, as the Data API describes it.
public struct YouTubeVideo: Sendable, Equatable {
    /// Whether and when it is, or was, sent live.
    public enum Broadcast: Sendable, Equatable {
        /// It was uploaded.
        case none
        /// It will begin, as far as is known then; a premiere is one, too.
        case upcoming(at: Date?)
        /// It runs since then.
        case live(since: Date?)
        /// It is over; what remains is a video like others.
        case ended(at: Date?)
    }

    /// Where it may be seen, as country codes of two letters.
    public enum Regions: Sendable, Equatable {
        /// Nowhere else.
        case only(Set<String>)
        /// Everywhere else.
        case allBut(Set<String>)
    }

    /// How far YouTube is with the upload.
    public enum Upload: Sendable, Equatable {
        /// There to be watched.
        case processed
        /// Not yet.
        case processing
        /// It will never be there; why, in YouTube's one word (`copyright`, `termsOfUse`, `codec`).
        case refused(String)
        /// YouTube does not say.
        case unknown
    }

    /// Its id.
    public var id: YouTubeVideoID
    /// What it is called.
    public var title: String
    /// What its owner says of it; chapters may be in there.
    public var about: String
    /// Whose it is.
    public var channel: YouTubeChannelID?
    /// What its owner is called.
    public var channelTitle: String
    /// When it was published.
    public var publishedAt: Date?
    /// Nil where it is not known yet: of broadcasts that have not ended, of uploads that are not processed.
    public var duration: Duration?
    /// Whether and when it is sent live.
    public var broadcast: Broadcast
    /// Who may see it.
    public var visibility: YouTubeVisibility
    /// How far YouTube is with it.
    public var upload: Upload
    /// Whether YouTube shows it to adults alone, who have signed in.
    public var isAgeRestricted: Bool
    /// Where it may be seen; nil for everywhere.
    public var regions: Regions?
    /// Whether it has captions made by people; automatic ones are not counted. Nil where it is not said.
    public var hasCaptions: Bool?
    /// The language spoken, or else that of its title, as a tag (`en-US`).
    public var language: String?
    /// How often it was seen; nil where that is not shown.
    public var views: Int?
    /// Whether it has figures at all.
    public var hasStatistics: Bool

    /// Creates a video; without more it is one that was uploaded, and that everybody may see.
    public init(
        id: YouTubeVideoID, title: String, about: String = "", channel: YouTubeChannelID? = nil,
        channelTitle: String = "", publishedAt: Date? = nil, duration: Duration? = nil, broadcast: Broadcast = .none,
        visibility: YouTubeVisibility = .public, upload: Upload = .processed, isAgeRestricted: Bool = false,
        regions: Regions? = nil, hasCaptions: Bool? = nil, language: String? = nil, views: Int? = nil,
        hasStatistics: Bool = false
    ) {
        self.id = id
        self.title = title
        self.about = about
        self.channel = channel
        self.channelTitle = channelTitle
        self.publishedAt = publishedAt
        self.duration = duration
        self.broadcast = broadcast
        self.visibility = visibility
        self.upload = upload
        self.isAgeRestricted = isAgeRestricted
        self.regions = regions
        self.hasCaptions = hasCaptions
        self.language = language
        self.views = views
        self.hasStatistics = hasStatistics
    }
}

extension YouTubeVideo {
    /// The longest short, since 15 October 2024; a minute before.
    public static let longestShort = Duration.seconds(180)
    private static let longestEarlyShort = Duration.seconds(60)
    /// 15 October 2024.
    private static let longerShorts = Date(timeIntervalSince1970: 1_728_950_400)

    /// Whether it may be a short: by its length alone, for the API says nothing of its shape. To be sure, look for it
    /// in ``YouTubeUploads/shorts``, for `/shorts/` in the channel's feed, or at what
    /// `https://www.youtube.com/shorts/ID` answers.
    public var mayBeShort: Bool {
        guard let duration, broadcast == .none else { return false }
        let isEarly = publishedAt.map { $0 < Self.longerShorts } ?? false
        // A second more: the API rounds up.
        return duration <= (isEarly ? Self.longestEarlyShort : Self.longestShort) + .seconds(1)
    }

    /// Whether it seems to be for paying members alone: such videos are described like public ones, but how often they
    /// were seen is kept back. To be sure, look for it in ``YouTubeUploads/membersOnly``.
    public var mayBeMembersOnly: Bool {
        guard visibility == .public, upload == .processed, hasStatistics, views == nil else { return false }
        return switch broadcast {
        case .none, .ended: true
        case .upcoming, .live: false
        }
    }

    /// Whether it may be seen in the country with this code of two letters.
    public func isShown(in country: String) -> Bool {
        switch regions {
        case .only(let countries): countries.contains(country.uppercased())
        case .allBut(let countries): !countries.contains(country.uppercased())
        case nil: true
        }
    }
}
