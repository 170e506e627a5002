import Providers
import Testing

/// What yt-dlp really wrote, as people reported it, and what it means. (Ids are as reported.)
struct RecordedFailure: Sendable, CustomTestStringConvertible {
    var text: String
    var kind: YtDlpError.Kind

    var testDescription: String { String(text.prefix(80)) }

    init(_ text: String, _ kind: YtDlpError.Kind) {
        self.text = text
        self.kind = kind
    }

    static let all = videos + broadcasts + lists + blocks + captions + network + program

    private static let cookieAdvice =
        " Use --cookies-from-browser or --cookies for the authentication. See  "
        + "https://github.com/yt-dlp/yt-dlp/wiki/FAQ#how-do-i-pass-cookies-to-yt-dlp  for how to manually pass "
        + "cookies. "
        + "Also see  https://github.com/yt-dlp/yt-dlp/wiki/Extractors#exporting-youtube-cookies  for tips on "
        + "effectively "
        + "exporting YouTube cookies"
    private static let reportAdvice =
        "; please report this issue on  https://github.com/yt-dlp/yt-dlp/issues?q= , filling out the appropriate issue "
        + "template. Confirm you are on the latest version using  yt-dlp -U"

    private static let videos: [RecordedFailure] = [
        .init(
            "ERROR: [youtube] yZIXLfi8CZQ: Private video. Sign in if you've been granted access to this video."
                + cookieAdvice, .privateVideo),
        .init("ERROR: [youtube] abc: Video unavailable. This video is private", .privateVideo),
        .init("ERROR: [youtube] x: Video unavailable. This video has been removed by the uploader", .removed),
        .init(
            "ERROR: [youtube] x: This video has been removed for violating YouTube's Terms of Service.", .removed),
        .init(
            "ERROR: [youtube] x: This video has been removed for violating YouTube\u{2019}s Community Guidelines.",
            .removed),
        .init(
            "ERROR: [youtube] fJ9rUzIMcZQ: Video unavailable. This video is no longer available because the YouTube "
                + "account associated with this video has been terminated.", .accountTerminated),
        .init(
            "ERROR: [youtube] x: Video unavailable. This video is no longer available because the uploader has closed "
                + "their YouTube account.", .accountTerminated),
        .init(
            "ERROR: [youtube] x: Video unavailable. This video is no longer available due to a copyright claim by "
                + "Fiqih Hendra", .removed),
        .init(
            "ERROR: [youtube] x: Video unavailable. This video contains content from SME, who has blocked it on "
                + "copyright grounds", .removed),
        .init(
            "ERROR: [youtube] x: Video unavailable. This video contains content from SME, who has blocked it in your "
                + "country on copyright grounds", .notInCountry),
        .init(
            "ERROR: [youtube] ltcd1B8WyTM: Video unavailable. The uploader has not made this video available in your "
                + "country", .notInCountry),
        .init(
            "ERROR: [youtube] x: The uploader has not made this video available in your country\nThis video is "
                + "available "
                + "in Germany, Austria.\nYou might want to use a VPN or a proxy server (with --proxy) to workaround.",
            .notInCountry),
        .init(
            "ERROR: [youtube] h7aSM88pUv8: Join this channel to get access to members-only content like this "
                + "video, and "
                + "other exclusive perks.", .membersOnly),
        .init(
            "ERROR: [youtube] epoGMzLgyFQ: Join this channel from your computer or Android app to get access to "
                + "members-only content like this video.", .membersOnly),
        .init(
            "ERROR: [youtube] zia8WGSmwBo: This video is available to this channel's members on level: "
                + "MemberShrimp! (or "
                + "any higher level). Join this channel to get access to members-only content and other "
                + "exclusive perks.",
            .membersOnly),
        .init(
            "ERROR: [youtube] fVs0suPHAX8: Sign in to confirm your age. This video may be inappropriate for "
                + "some users.",
            .ageRestricted),
        .init(
            "ERROR: [youtube] abc: Sign in to confirm your age. The video you have requested has been rated TV-14 and "
                + "may contain content intended for mature audiences.", .ageRestricted),
        .init(
            "WARNING: [youtube] x: unable to download video info webpage: HTTP Error 410: Gone\nERROR: Sign in "
                + "to confirm "
                + "your age\nThis video may be inappropriate for some users.", .ageRestricted),
        .init("ERROR: [youtube] x: This video requires payment to watch.", .paymentRequired),
        .init("ERROR: [youtube] aBc-12_xYz9: This video is only available to Music Premium members", .paymentRequired),
        .init("ERROR: [youtube] x: This video is DRM protected", .copyProtected),
        .init("ERROR: [youtube] cwish35WV4I: Video unavailable", .unavailable),
        .init("ERROR: [youtube] x: Video unavailable. This video is not available", .unavailable),
        .init("ERROR: [youtube] x: This video is unavailable", .unavailable),
        .init(
            "ERROR: [youtube] x: Video unavailable. This video is restricted. Please check the Google Workspace "
                + "administrator and/or the network administrator restrictions.", .unavailable),
        .init(
            "ERROR: [youtube:truncated_id] zia8WGSmwB: Incomplete YouTube ID zia8WGSmwB. URL "
                + "https://www.youtube.com/watch?v=zia8WGSmwB looks truncated.", .notFound),
        .init("ERROR: [generic] '--exec' is not a valid URL", .notFound),
    ]

    private static let broadcasts: [RecordedFailure] = [
        .init("ERROR: [youtube] fEDRRQgykd8: Premieres in 26 hours", .upcoming),
        .init("ERROR: [youtube] gbmH-VEYtOw: Premieres in 48 minutes", .upcoming),
        .init("ERROR: [youtube] x: Premiere will begin shortly", .upcoming),
        .init("ERROR: [youtube] ef2n23E8S8s: This live event will begin in 17 days.", .upcoming),
        .init("ERROR: [youtube] bqVHzvKJCuA: This live event will begin in a few moments.", .upcoming),
        .init("ERROR: [youtube:tab] UCEH7P7kyJIkS_gJf93VYbmg: The channel is not currently live", .upcoming),
        .init("ERROR: [youtube] videoID: This live event has ended.", .recordingPending),
        .init("ERROR: [youtube] X4VbdwhkE10: This live stream recording is not available.", .removed),
    ]

    private static let lists: [RecordedFailure] = [
        .init(
            "WARNING: [youtube:tab] YouTube said: The playlist does not exist.\nERROR: [youtube:tab] "
                + "UUdqGrFaJput9HtctMAIMO0g: YouTube said: The playlist does not exist.", .notFound),
        .init("ERROR: [youtube:tab] x: YouTube said: This channel does not exist.", .notFound),
        .init(
            "ERROR: [youtube:tab] @dokuzsekizmuzikyapim: Failed to resolve url (does the playlist exist?)", .notFound),
        .init(
            "ERROR: [youtube:tab] @nobody-here: Unable to download API page: HTTP Error 404: Not Found (caused by "
                + "<HTTPError 404: Not Found>)", .notFound),
        .init("ERROR: [youtube:tab] PLx: YouTube said: This playlist is private.", .privateVideo),
        .init("ERROR: [youtube:tab] x: This channel does not have a videos tab", .emptyList),
        .init(
            "ERROR: [youtube:tab] x: YouTube said: This account has been terminated for a violation of "
                + "YouTube's Terms of "
                + "Service.", .accountTerminated),
        .init(
            "ERROR: [youtube:tab] x: YouTube said: This channel was removed because it violated our Community "
                + "Guidelines.", .accountTerminated),
    ]

    private static let blocks: [RecordedFailure] = [
        .init("ERROR: [youtube] tpUr8xVxj-w: Sign in to confirm you\u{2019}re not a bot." + cookieAdvice, .botCheck),
        .init("ERROR: [youtube] 5i4ViUKFNLA: Sign in to confirm you're not a bot.Use --cookies", .botCheck),
        .init(
            "ERROR: [youtube] bzyMLoSwYvk: Sign in to confirm you\u{2019}re not a bot. This helps protect our "
                + "community. "
                + "Learn more", .botCheck),
        .init("ERROR: [youtube] x: Please sign in." + cookieAdvice, .botCheck),
        .init(
            "ERROR: [youtube] x: All player responses are invalid. Your IP is likely being blocked by Youtube",
            .botCheck),
        .init(
            "ERROR: [youtube] x: Video unavailable. YouTube is requiring a captcha challenge before playback", .botCheck
        ),
        .init(
            "ERROR: [youtube] 2OoFSHhI4Vk: Video unavailable. This content isn't available, try again later. "
                + "The current "
                + "session has been rate-limited by YouTube for up to an hour. It is recommended to use `-t "
                + "sleep` to add a "
                + "delay between video requests to avoid exceeding the rate limit.", .rateLimited),
        .init(
            "ERROR: [youtube] SOWBtuuCDig: Video unavailable. This content isn\u{2019}t available, try again "
                + "later. Your "
                + "account has been rate-limited by YouTube for up to an hour.", .rateLimited),
        .init(
            "ERROR: [youtube] x: Unable to download API page: HTTP Error 429: Too Many Requests (caused by <HTTPError "
                + "429: Too Many Requests>)" + reportAdvice, .rateLimited),
        .init(
            "WARNING: [youtube] The provided YouTube account cookies are no longer valid. They have likely been "
                + "rotated in "
                + "the browser as a security measure.\nERROR: [youtube] x: Sign in to confirm you\u{2019}re not a bot."
                + cookieAdvice, .cookies),
    ]

    private static let captions: [RecordedFailure] = [
        .init(
            "ERROR: Unable to download video subtitles for 'tr': HTTP Error 429: Too Many Requests", .rateLimited),
        .init("ERROR: Unable to download video subtitles for 'en': HTTP Error 404: Not Found", .captionsEmpty),
        .init("ERROR: Did not get any data blocks", .captionsEmpty),
        .init("ERROR: The downloaded file is empty", .captionsEmpty),
        .init("[info] There are no subtitles for the requested languages", .noCaptions),
    ]

    private static let network: [RecordedFailure] = [
        .init(
            "ERROR: [youtube] x: Unable to download API page: HTTPSConnection(host='www.youtube.com', "
                + "port=443): Failed to "
                + "resolve 'www.youtube.com' ([Errno -2] Name or service not known) (caused by TransportError(\"…\"))",
            .network),
        .init(
            "ERROR: [youtube] x: Unable to download webpage: [Errno 104] Connection reset by peer (caused by "
                + "TransportError('[Errno 104] Connection reset by peer'))", .network),
        .init("ERROR: [download] Got error: 11 bytes read, 989 more expected. Giving up after 2 retries", .network),
        .init(
            "ERROR: [youtube] x: Unable to download API page: [SSL: CERTIFICATE_VERIFY_FAILED] certificate "
                + "verify failed "
                + "(_ssl.c:992)", .network),
        .init("ERROR: [youtube] x: Unable to download API page: HTTP Error 503: Service Unavailable", .serverError),
        .init(
            "ERROR: [download] Got error: HTTP Error 500: Internal Server Error. Giving up after 2 retries",
            .serverError),
        .init("ERROR: [youtube] x: Unable to download webpage: The read operation timed out (caused by …)", .timeout),
        .init("ERROR: unable to download video data: HTTP Error 403: Forbidden", .refused),
        .init("ERROR: [youtube] abc12345678: Precondition check failed.", .refused),
        .init("ERROR: [youtube] abc12345678: Failed to extract any player response" + reportAdvice, .refused),
        .init(
            "ERROR: [generic] page: Unable to download webpage: ('Unable to connect to proxy', "
                + "NewConnectionError(\"HTTPConnection(host='127.0.0.1', port=1): Failed to establish a new "
                + "connection: "
                + "[Errno 111] Connection refused\")) (caused by ProxyError(…))" + reportAdvice, .proxy),
    ]

    private static let program: [RecordedFailure] = [
        .init(
            "ERROR: [youtube] wIsSI3c_WNw: The following content is not available on this app.. Watch on the latest "
                + "version of YouTube.", .toolOld),
        .init(
            "ERROR: [youtube] 1DsffcZa70M: The page needs to be reloaded.. The page needs to be reloaded.", .toolOld),
        .init(
            "WARNING: [youtube] x: n challenge solving failed: Some formats may be missing.\nERROR: [youtube] "
                + "x: Requested "
                + "format is not available. Use --list-formats for a list of available formats", .noFormats),
        .init("ERROR: [youtube] b-nO6rK8qps: No video formats found!" + reportAdvice, .noFormats),
        .init(
            "ERROR: Postprocessing: ffprobe and ffmpeg not found. Please install or provide the path", .ffmpegMissing),
        .init("ERROR: unable to write data: [Errno 28] No space left on device", .storage),
        .init(
            "ERROR: '/srv/cookies.txt' does not look like a Netscape format cookies file", .cookies),
        .init(
            "Traceback (most recent call last):\n  File \"<frozen runpy>\", line 198, in _run_module_as_main\n"
                + "ModuleNotFoundError: No module named 'yt_dlp.extractor'", .toolCrashed),
        .init("ERROR: something that nobody has seen before", .unrecognised),
    ]
}
