internal import Captions
internal import Foundation
internal import VidSift

extension Output {
    /// Writes one JSON document and a line end.
    static func document(_ body: (inout JSONWriter) -> Void) throws {
        var json = JSONWriter()
        body(&json)
        try line(json.text)
    }
}

extension JSONWriter {
    /// A video, as the API describes it.
    mutating func value(of video: Video) {
        object { json in
            json.field("id", video.id.description)
            json.field("youtubeId", video.youtubeID)
            json.field("channelId", video.channelID?.description)
            json.field("sourceId", video.sourceID)
            json.field("title", video.title)
            json.field("language", video.language)
            json.field("duration", video.duration.seconds)
            json.field("state", video.state.rawValue)
            json.field("stage", video.stage)
            json.field("attempts", video.attempts)
            json.field("error", video.lastError)
            json.field("passages", video.passages)
            json.field("createdAt", video.createdAt.formatted(.iso8601))
            json.field("indexedAt", video.indexedAt?.formatted(.iso8601))
        }
    }

    /// A channel, as the API describes it.
    mutating func value(of channel: Channel) {
        object { json in
            json.field("id", channel.id.description)
            json.field("youtubeId", channel.youtubeID)
            json.field("title", channel.title)
            json.field("videos", channel.videos)
            json.field("createdAt", channel.createdAt.formatted(.iso8601))
        }
    }
}

extension Video {
    var duration: MediaTime { MediaTime(milliseconds: durationMilliseconds) }
}
