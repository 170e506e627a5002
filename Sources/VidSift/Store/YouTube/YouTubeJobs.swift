/// Go through a channel's or playlist's list, write its videos down, and see to it that their words are had.
package struct ListChannelJob: JobPayload, Hashable {
    package static let kind = JobKind(rawValue: "list_channel")
    package static let version = 1

    package var channel: ChannelID
    /// The most videos, the newest first.
    package var limit: Int
    /// The mail address of whoever wants to know how it ends.
    package var recipient: String?
    package var subject: String { channel.description }

    package init(channel: ChannelID, limit: Int, recipient: String? = nil) {
        self.channel = channel
        self.limit = limit
        self.recipient = recipient
    }
}

/// Get the words of a video of YouTube.
package struct FetchVideoJob: JobPayload, Hashable {
    package static let kind = JobKind(rawValue: "fetch_video")
    package static let version = 1

    package var video: VideoID
    package var subject: String { video.description }

    package init(video: VideoID) {
        self.video = video
    }
}

/// Listen to a video that has no captions, and write down what is said.
package struct TranscribeVideoJob: JobPayload, Hashable {
    package static let kind = JobKind(rawValue: "transcribe_video")
    package static let version = 1

    package var video: VideoID
    package var subject: String { video.description }

    package init(video: VideoID) {
        self.video = video
    }
}

/// Put a video to work whose time has not come yet: no channel waits for that.
package struct AwaitVideoJob: JobPayload, Hashable {
    package static let kind = JobKind(rawValue: "await_video")
    package static let version = 1

    package var video: VideoID
    package var subject: String { video.description }

    package init(video: VideoID) {
        self.video = video
    }
}

/// Look whether a channel has new videos.
package struct CheckChannelJob: JobPayload, Hashable {
    package static let kind = JobKind(rawValue: "check_channel")
    package static let version = 1

    package var channel: ChannelID
    package var subject: String { channel.description }

    package init(channel: ChannelID) {
        self.channel = channel
    }
}
