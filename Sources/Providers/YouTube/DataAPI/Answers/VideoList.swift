/// The answer to `videos.list`.
struct VideoList: Decodable {
    var items: [Item]?

    struct Item: Decodable {
        var id: String?
        var snippet: Snippet?
        var contentDetails: Details?
        var status: Status?
        var statistics: Statistics?
        var liveStreamingDetails: Live?
    }

    struct Snippet: Decodable {
        var title: String?
        var description: String?
        var channelId: String?
        var channelTitle: String?
        var publishedAt: String?
        var liveBroadcastContent: String?
        var defaultAudioLanguage: String?
        var defaultLanguage: String?
    }

    struct Details: Decodable {
        var duration: String?
        var caption: String?
        var regionRestriction: Regions?
        var contentRating: Rating?
    }

    struct Regions: Decodable {
        var allowed: [String]?
        var blocked: [String]?
    }

    struct Rating: Decodable {
        var ytRating: String?
    }

    struct Status: Decodable {
        var privacyStatus: String?
        var uploadStatus: String?
        var failureReason: String?
        var rejectionReason: String?
    }

    struct Statistics: Decodable {
        var viewCount: APINumber?
    }

    struct Live: Decodable {
        var scheduledStartTime: String?
        var actualStartTime: String?
        var actualEndTime: String?
    }
}

extension YouTubeVideo {
    init?(_ item: VideoList.Item) {
        guard let id = item.id.flatMap(YouTubeVideoID.init) else { return nil }
        let details = item.contentDetails
        self.id = id
        title = item.snippet?.title ?? ""
        about = item.snippet?.description ?? ""
        channel = item.snippet?.channelId.flatMap(YouTubeChannelID.init)
        channelTitle = item.snippet?.channelTitle ?? ""
        publishedAt = InternetTime.date(item.snippet?.publishedAt)
        // What is not known yet is written as zero.
        duration = ISO8601Duration.duration(details?.duration).flatMap { $0 > .zero ? $0 : nil }
        broadcast = Broadcast(item.snippet?.liveBroadcastContent, item.liveStreamingDetails)
        visibility = YouTubeVisibility(status: item.status?.privacyStatus)
        upload = Upload(item.status)
        isAgeRestricted = details?.contentRating?.ytRating == "ytAgeRestricted"
        regions = details?.regionRestriction.flatMap(Regions.init)
        hasCaptions = details?.caption.map { $0 == "true" }
        language = item.snippet?.defaultAudioLanguage ?? item.snippet?.defaultLanguage
        views = item.statistics?.viewCount?.value
        hasStatistics = item.statistics != nil
    }
}

extension YouTubeVideo.Broadcast {
    init(_ state: String?, _ live: VideoList.Live?) {
        self =
            switch (state, live) {
            case ("upcoming", _): .upcoming(at: InternetTime.date(live?.scheduledStartTime))
            case ("live", _): .live(since: InternetTime.date(live?.actualStartTime))
            case (_, let live?): .ended(at: InternetTime.date(live.actualEndTime))
            case (_, nil): .none
            }
    }
}

extension YouTubeVideo.Regions {
    /// An empty list of countries that may is none that may; an empty list of countries that may not says nothing.
    init?(_ regions: VideoList.Regions) {
        if let allowed = regions.allowed {
            self = .only(Set(allowed))
        } else if let blocked = regions.blocked, !blocked.isEmpty {
            self = .allBut(Set(blocked))
        } else {
            return nil
        }
    }
}

extension YouTubeVideo.Upload {
    init(_ status: VideoList.Status?) {
        self =
            switch status?.uploadStatus {
            case "processed": .processed
            case "uploaded": .processing
            case "failed": .refused(Self.word(status?.failureReason) ?? "failed")
            case "rejected": .refused(Self.word(status?.rejectionReason) ?? "rejected")
            case "deleted": .refused("deleted")
            default: .unknown
            }
    }

    /// Only a word of theirs is shown to people.
    private static func word(_ text: String?) -> String? {
        text.flatMap { $0.utf8.count <= 40 && !$0.isEmpty && $0.allSatisfy(\.isLetter) ? $0 : nil }
    }
}
