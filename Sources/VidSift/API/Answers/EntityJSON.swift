extension Video {
    /// Writes the video as an object.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.description)
            json.field("youtubeId", youtubeID)
            json.field("channelId", channelID?.description)
            json.field("sourceId", sourceID)
            json.field("title", title)
            json.field("language", language)
            json.field("duration", Double(durationMilliseconds) / 1000)
            json.field("state", state.rawValue)
            json.field("stage", stage)
            json.field("attempts", attempts)
            json.field("error", lastError)
            if let progress { json.field("progress", progress.fraction) }
            json.field("passages", passages)
            json.field("createdAt", createdAt)
            json.field("indexedAt", indexedAt)
        }
    }
}

extension Channel {
    /// Writes the channel as an object.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.description)
            json.field("youtubeId", youtubeID)
            json.field("title", title)
            json.field("videos", videos)
            json.field("createdAt", createdAt)
        }
    }
}

extension ChatSession {
    /// Writes the session as an object.
    ///
    /// - Parameter youtubeID: that of the video or channel it is about.
    func write(to json: inout JSONWriter, youtubeID: String?) {
        json.object { json in
            json.field("id", id.description)
            json.field("videoId", videoID?.description)
            if case .videos(let ids) = scope, ids.count > 1 {
                json.key("videoIds")
                json.array(ids) { $0.string($1.description) }
            }
            json.field("channelId", channelID?.description)
            json.field("youtubeId", youtubeID)
            json.field("title", title)
            json.field("createdAt", createdAt)
            json.field("updatedAt", updatedAt)
        }
    }
}

extension ChatMessage {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.description)
            json.field("runId", runID.description)
            json.field("role", role.rawValue)
            json.field("content", content)
            json.key("citations")
            json.raw(citations)
            json.field("state", state.rawValue)
            json.field("answered", answered)
            json.field("createdAt", createdAt)
        }
    }
}
