extension VideoFetch {
    /// Writes what was tried as an object.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("outcome", outcome.rawValue)
            json.field("reason", reason)
            json.field("tries", tries)
            json.field("triedAt", triedAt)
            json.field("publishedAt", publishedAt)
            json.field("delistedAt", delistedAt)
        }
    }
}

extension ChannelReport {
    /// Writes the counts and the reasons as an object.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("listed", listed)
            json.field("indexed", indexed)
            json.field("open", open)
            json.field("later", later)
            json.field("withoutCaptions", withoutCaptions)
            json.field("unavailable", unavailable)
            json.field("failed", failed)
            json.field("delisted", delisted)
            json.field("deleted", deleted)
            json.key("reasons")
            json.array(reasons) { json, reason in
                json.object { json in
                    json.field("outcome", reason.outcome.rawValue)
                    json.field("reason", reason.reason)
                    json.field("videos", reason.videos)
                }
            }
        }
    }
}

extension ChannelListing {
    /// Writes how far the list was gone through as an object.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("handle", handle)
            json.field("state", state.rawValue)
            json.field("listed", listed)
            json.field("listedAt", listedAt)
            json.field("checkedAt", checkedAt)
            json.field("error", error)
        }
    }
}
