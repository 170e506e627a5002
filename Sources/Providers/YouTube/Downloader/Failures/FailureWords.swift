/// Knows yt-dlp's error messages, which are partly its own and partly what YouTube shows to people.
enum FailureWords {
    /// The first kind in the order of ``known`` one of whose texts is in `message`.
    static func kind(of message: String) -> YtDlpError.Kind? {
        let text = plain(message)
        return known.first { entry in entry.texts.contains { isIn(text, $0) } }?.kind
    }

    /// The kind of a message that is no error to yt-dlp: it has chosen to download nothing. Other messages tell nothing:
    /// titles may be in them.
    static func refusal(of message: String) -> YtDlpError.Kind? {
        // It begins with the end of a line of progress.
        let message = message.drop(while: \.isWhitespace)
        guard message.hasPrefix("[download] ") else { return nil }
        if message.hasSuffix(" does not pass filter (!is_live), skipping ..") { return .live }
        return message.hasPrefix("[download] File is larger than max-filesize") ? .tooLarge : nil
    }

    /// In small letters, with straight apostrophes and single blanks.
    static func plain(_ message: String) -> String {
        message.lowercased().map { $0 == "\u{2019}" || $0 == "\u{2018}" ? "'" : $0 }
            .split { $0.isWhitespace }.map { String($0) }.joined(separator: " ")
    }

    /// Whether the parts of `pattern`, which stand on both sides of each `…`, are in `text` in their order.
    private static func isIn(_ text: String, _ pattern: String) -> Bool {
        var rest = text[...]
        for part in pattern.split(separator: "…") {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }

    /// From what says most to what says least: a message often ends with more than one of them.
    private static let known: [(kind: YtDlpError.Kind, texts: [String])] = [
        (
            .rateLimited,
            [
                "http error 429", "too many requests", "rate-limited by youtube", "rate limited by youtube",
                "content isn't available, try again later",
            ]
        ),
        (
            .botCheck,
            [
                "not a bot", "captcha", "your ip is likely being blocked", "helps protect our community",
                "unusual traffic", ": please sign in",
            ]
        ),
        (
            .ageRestricted,
            [
                "confirm your age", "age-restricted", "age restricted", "inappropriate for some users",
                "mature audiences",
            ]
        ),
        (
            .membersOnly,
            ["members-only", "available to this channel's members", "join this channel", "members on level"]
        ),
        (.privateVideo, ["private video", "video is private", "playlist is private", "list is private"]),
        (
            .accountTerminated,
            [
                "account associated with this video has been", "account has been terminated",
                "closed their youtube account", "channel was removed", "account has been suspended",
            ]
        ),
        (.notInCountry, ["in your country", "in your region", "from your location", "geo restriction"]),
        (
            .paymentRequired,
            ["requires payment", "premium members", "requires purchase", "members of youtube premium", "rent or buy"]
        ),
        (.copyProtected, ["drm protected", "drm-protected", "known to use drm"]),
        (
            .upcoming,
            [
                "premieres in", "premiere will begin", "live event will begin", "live stream will begin",
                "is not currently live", "] offline.", ": offline.",
            ]
        ),
        (.recordingPending, ["live event has ended"]),
        (
            .removed,
            [
                "removed by the uploader", "has been removed", "was removed", "no longer available", "copyright claim",
                "on copyright grounds", "stream recording is not available",
            ]
        ),
        (.emptyList, ["this channel does not have a…tab", "this channel has no videos"]),
        (.noCaptions, ["no subtitles for the requested languages"]),
        (
            .captionsEmpty,
            [
                "did not get any data blocks", "downloaded file is empty", "video subtitles…http error 404",
                "video subtitles…http error 410",
            ]
        ),
        (
            .notFound,
            [
                "playlist does not exist", "channel does not exist", "does the playlist exist", "looks truncated",
                "incomplete youtube id", "is not a valid url", "unsupported url", "video does not exist",
                "this channel is not available", "this channel isn't available", "playlist type is unviewable",
                "no suitable extractor",
                "http error 404",
            ]
        ),
        (
            .toolOld,
            [
                "not available on this app", "on the latest version of youtube", "no such option",
                "page needs to be reloaded", "signature extraction failed…error:", "unable to extract yt initial data",
            ]
        ),
        (
            .unavailable,
            [
                "video unavailable", "video is unavailable", "video is not available", "video isn't available",
                "content isn't available", "video is restricted",
            ]
        ),
        (
            .proxy,
            [
                "connect to proxy", "proxyerror", "proxy authentication", "http error 407", "unsupported proxy",
                "socks…error", "socks5…",
            ]
        ),
        (
            .cookies,
            [
                "netscape format cookies", "failed to load cookies", "cookies are no longer valid",
                "invalid cookies file",
            ]
        ),
        (.ffmpegMissing, ["ffmpeg not found", "ffmpeg is not installed", "ffmpeg could not be found"]),
        (
            .storage,
            ["no space left on device", "unable to open for writing", "read-only file system", "disk quota exceeded"]
        ),
        (
            .serverError,
            ["http error 5", "internal server error", "service unavailable", "bad gateway", "backend error"]
        ),
        (
            .refused,
            [
                "http error 403", "http error 401", "http error 400", "http error 410", "precondition check failed",
                "failed to extract any player response", "login required",
            ]
        ),
        (.timeout, ["timed out", "timeout"]),
        (
            .network,
            [
                "name or service not known", "temporary failure in name resolution", "failed to resolve",
                "getaddrinfo failed", "connection refused", "connection reset", "network is unreachable",
                "no route to host", "remote end closed", "connection aborted", "connection broken", "transporterror",
                "[ssl", "certificate", "incompleteread", "more expected", "broken pipe", "incomplete data received",
                "incomplete yt initial data", "unable to download webpage", "unable to download api page",
                "giving up after",
            ]
        ),
        (
            .noFormats,
            ["requested format is not available", "no video formats found", "only images are available"]
        ),
    ]
}
