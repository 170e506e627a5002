public import Foundation

/// Whether a video can be worked on: one case for each way to go on.
public enum YouTubeAvailability: Sendable, Equatable {
    /// Now.
    case available
    /// When it has begun and ended; it is to begin then.
    case upcoming(at: Date?)
    /// When it has ended.
    case live
    /// Soon: YouTube is still working on it.
    case processing
    /// Only with the cookies of an adult's account.
    case ageRestricted
    /// Perhaps only with the cookies of a paying member: a hint, see ``YouTubeVideo/mayBeMembersOnly``. Whether it is so
    /// only asking for the video tells (``YtDlpError/Kind/membersOnly``): nothing is given up for it.
    case membersOnly
    /// Never: YouTube has refused it, for this reason.
    case refused(String)
    /// Not unless its owner shows it again.
    case `private`
    /// Removed or private.
    case missing
}

extension YouTubeVideoLookup {
    /// Whether the video can be worked on.
    public var availability: YouTubeAvailability {
        switch self {
        case .found(let video): video.availability
        case .missing: .missing
        }
    }
}

extension YouTubeVideo {
    /// Whether the video can be worked on. Where it may be seen (``regions``) depends on where this program runs, and
    /// is not in it.
    public var availability: YouTubeAvailability {
        if case .refused(let reason) = upload { return .refused(reason) }
        if visibility == .private { return .private }
        switch broadcast {
        case .upcoming(let date): return .upcoming(at: date)
        case .live: return .live
        case .none, .ended: break
        }
        if upload == .processing { return .processing }
        if mayBeMembersOnly { return .membersOnly }
        return isAgeRestricted ? .ageRestricted : .available
    }
}
