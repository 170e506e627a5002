@testable import Providers

/// What is no link to anything that can be indexed, with the reason.
enum RefusedLinks {
    struct Case: Sendable {
        var text: String
        var error: YouTubeLinkError

        init(_ text: String, _ error: YouTubeLinkError) {
            self.text = text
            self.error = error
        }
    }

    static let all = hosts + characters + pages + ids

    /// Addresses that look like YouTube's and are not.
    static let hosts = [
        Case("https://vimeo.com/76979871", .notYouTube(host: "vimeo.com")),
        Case("https://youtube.com.evil.com/watch?v=dQw4w9WgXcQ", .notYouTube(host: "youtube.com.evil.com")),
        Case("https://evil.com/youtube.com/watch?v=dQw4w9WgXcQ", .notYouTube(host: "evil.com")),
        Case("https://evilyoutube.com/watch?v=dQw4w9WgXcQ", .notYouTube(host: "evilyoutube.com")),
        Case("https://www-youtube.com/watch?v=dQw4w9WgXcQ", .notYouTube(host: "www-youtube.com")),
        Case("https://foo.youtube.com/watch?v=dQw4w9WgXcQ", .notYouTube(host: "foo.youtube.com")),
        Case("https://youtube.com./watch?v=dQw4w9WgXcQ", .notYouTube(host: "youtube.com.")),
        Case("https://youtube.co/watch?v=dQw4w9WgXcQ", .notYouTube(host: "youtube.co")),
        Case("https://evil.com?https://youtube.com/watch?v=dQw4w9WgXcQ", .notYouTube(host: "evil.com")),
        Case("https://evil.com#@youtube.com/watch?v=dQw4w9WgXcQ", .notYouTube(host: "evil.com")),
        Case("https://youtube.com@evil.com/watch?v=dQw4w9WgXcQ", .hasUserInfo),
        Case("https://user:word@www.youtube.com/watch?v=dQw4w9WgXcQ", .hasUserInfo),
        Case("youtube.com@evil.com", .hasUserInfo), Case("https://@youtube.com/watch?v=dQw4w9WgXcQ", .hasUserInfo),
        Case("https://www.youtube.com:8080/watch?v=dQw4w9WgXcQ", .hasPort("8080")),
        Case("https://www.youtube.com:80/watch?v=dQw4w9WgXcQ", .hasPort("80")),
        Case("https://www.youtube.com:443x/watch?v=dQw4w9WgXcQ", .hasPort("443x")),
        Case("https://www.youtube.com:/watch?v=dQw4w9WgXcQ", .hasPort("")),
        Case("https://www.youtube.com:99999/watch", .hasPort("99999")),
        Case("https://www.y\u{43E}utube.com/watch?v=dQw4w9WgXcQ", .notYouTube(host: "www.y\u{43E}utube.com")),
        Case("https://www.xn--yutube-wqf.com/watch?v=dQw4w9WgXcQ", .notYouTube(host: "www.xn--yutube-wqf.com")),
        Case("https://youtube\u{3002}com/watch?v=dQw4w9WgXcQ", .notYouTube(host: "youtube\u{3002}com")),
        Case("https://\u{FF59}outube.com/watch?v=dQw4w9WgXcQ", .notYouTube(host: "\u{FF59}outube.com")),
        Case("https://youtube%2Ecom/watch?v=dQw4w9WgXcQ", .notYouTube(host: "youtube%2Ecom")),
        Case("https:///watch?v=dQw4w9WgXcQ", .notYouTube(host: "")),
        Case("/watch?v=dQw4w9WgXcQ", .notYouTube(host: "")),
        Case("https://[::1]/watch?v=dQw4w9WgXcQ", .notYouTube(host: "[::1]")),
        Case("http://127.0.0.1/watch?v=dQw4w9WgXcQ", .notYouTube(host: "127.0.0.1")),
        Case("http://169.254.169.254/latest/meta-data", .notYouTube(host: "169.254.169.254")),
        Case("https://www.youtube.com/redirect?q=https%3A%2F%2Fevil.com%2F", .leadsElsewhere(host: "evil.com")),
        Case("https://www.youtube.com/oembed?url=https%3A%2F%2Fvimeo.com%2F1", .leadsElsewhere(host: "vimeo.com")),
        Case(
            "https://www.youtube.com/attribution_link?u=%2F%2Fevil.com%2Fwatch%3Fv%3DdQw4w9WgXcQ",
            .leadsElsewhere(host: "evil.com")),
        Case("https://www.youtube.com/redirect?q=http%3A%2F%2Fyoutube.com%40evil.com", .hasUserInfo),
        Case(
            "https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutube.com%2Fredirect%3Fq%3D"
                + "https%253A%252F%252Fyoutube.com%252Fredirect%253Fq%253Dx", .tooManyRedirects),
    ]

    static let characters = [
        Case("", .empty), Case(" \u{200B}\n", .empty), Case("<>", .empty),
        Case(String(repeating: "a", count: 4097), .tooLong),
        Case("https://youtube.com\\@evil.com/watch?v=dQw4w9WgXcQ", .forbiddenCharacter("\\")),
        Case("https:\\\\youtube.com\\watch?v=dQw4w9WgXcQ", .forbiddenCharacter("\\")),
        Case("https://you\ttube.com/watch?v=dQw4w9WgXcQ", .forbiddenCharacter("\t")),
        Case("https://youtube.com/wat\nch?v=dQw4w9WgXcQ", .forbiddenCharacter("\n")),
        Case("https://youtube.com/watch?v=dQw4\u{200B}w9WgXcQ", .forbiddenCharacter("\u{200B}")),
        Case("https://youtube.com\u{0}.evil.com/watch?v=dQw4w9WgXcQ", .forbiddenCharacter("\u{0}")),
        Case("see https://youtu.be/dQw4w9WgXcQ", .forbiddenCharacter(" ")),
        Case("https://youtu.be/dQw4w9WgXcQ https://youtu.be/yZIXLfi8CZQ", .forbiddenCharacter(" ")),
        Case("javascript:alert(1)//youtube.com/watch?v=dQw4w9WgXcQ", .unsupportedScheme("javascript")),
        Case("file:///etc/passwd", .unsupportedScheme("file")),
        Case("ftp://youtube.com/watch?v=dQw4w9WgXcQ", .unsupportedScheme("ftp")),
        Case("gopher://www.youtube.com/1", .unsupportedScheme("gopher")),
        Case("https:/www.youtube.com/watch?v=dQw4w9WgXcQ", .unsupportedScheme("https")),
        Case("vnd.youtube:dQw4w9WgXcQ", .unsupportedScheme("vnd.youtube")),
        Case("https://www.youtube.com/@caf%E9", .malformedEncoding),
        Case("https://www.youtube.com/@x%2", .malformedEncoding),
        Case("how do magnets work", .notALink("how do magnets work")), Case("mkbhd", .notALink("mkbhd")),
        Case("watch", .notALink("watch")),
    ]

    static let pages = [
        Case("https://www.youtube.com", .noID(page: "YouTube's start page")),
        Case("https://www.youtube.com/watch", .noID(page: "a video")),
        Case("https://www.youtube.com/watch?v=", .noID(page: "a video")),
        Case("https://youtu.be/", .noID(page: "a video")),
        Case("https://www.youtube.com/shorts/", .noID(page: "a short")),
        Case("https://www.youtube.com/playlist", .noID(page: "a playlist")),
        Case("https://www.youtube.com/channel/", .noID(page: "a channel")),
        Case("https://www.youtube.com/user/", .noID(page: "a channel")),
        Case("https://www.youtube.com/results?search_query=kurzgesagt&sp=EgIQAg%253D%253D", .searchPage),
        Case("https://music.youtube.com/search?q=royalty+free+music", .searchPage),
        Case("https://www.youtube.com/feed/trending", .unsupportedPage("/feed/trending")),
        Case("https://www.youtube.com/hashtag/cctv9", .unsupportedPage("/hashtag/cctv9")),
        Case("https://www.youtube.com/clip/UgytZKpehg-hEMBSn3F4AaABCQ", .clip),
        Case("https://www.youtube.com/post/UgkxXb7GfTkzX", .unsupportedPage("/post/UgkxXb7GfTkzX")),
        Case("https://www.youtube.com/source/Lyj-MZSAA9o/shorts", .unsupportedPage("/source/Lyj-MZSAA9o/shorts")),
        Case("https://www.youtube.com/account", .unsupportedPage("/account")),
        Case("https://www.youtube.com/s/player/6450230e/base.js", .unsupportedPage("/s/player/6450230e/base.js")),
        Case("https://www.youtube.com/foo/bar", .unsupportedPage("/foo/bar")),
        Case("https://music.youtube.com/browse/MPREb_gTAcphH99wE", .unsupportedPage("/browse/MPREb_gTAcphH99wE")),
        Case("https://www.youtube.com/watch_videos?video_ids=a,b", .temporaryPlaylist("watch_videos")),
    ]

    static let ids = [
        Case("https://www.youtube.com/watch?v=dQw4w9WgXc", .malformedVideoID("dQw4w9WgXc")),
        Case("https://www.youtube.com/watch?v=dQw4w9WgXcQQ", .malformedVideoID("dQw4w9WgXcQQ")),
        Case("https://www.youtube.com/watch?v=dQw4w9WgXcR", .malformedVideoID("dQw4w9WgXcR")),
        Case("https://www.youtube.com/watch?v=dQw4w9WgXc%2F", .malformedVideoID("dQw4w9WgXc/")),
        Case("https://youtu.be/../watch", .malformedVideoID("..")),
        Case("https://www.youtube.com/shorts/dQw4w9", .malformedVideoID("dQw4w9")),
        Case("https://www.youtube.com/embed/%00dQw4w9WgXc", .malformedVideoID("\u{0}dQw4w9WgXc")),
        Case("dQw4w9WgXcR", .malformedVideoID("dQw4w9WgXcR")),
        Case("https://www.youtube.com/channel/UCLA", .malformedChannelID("UCLA")),
        Case("https://www.youtube.com/channel/UCsXVk37bltHxD1rDPwtNM8", .malformedChannelID("UCsXVk37bltHxD1rDPwtNM8")),
        Case("UCsXVk37bltHxD1rDPwtNM8B", .malformedChannelID("UCsXVk37bltHxD1rDPwtNM8B")),
        Case("https://www.youtube.com/playlist?list=PL123", .malformedPlaylistID("PL123")),
        Case("https://www.youtube.com/playlist?list=foo", .malformedPlaylistID("foo")),
        Case("PLBB231211A4F6", .malformedPlaylistID("PLBB231211A4F6")),
        Case("https://www.youtube.com/playlist?list=WL", .personalPlaylist("WL")),
        Case("https://www.youtube.com/playlist?list=LL", .personalPlaylist("LL")),
        Case("https://music.youtube.com/playlist?list=LM", .personalPlaylist("LM")),
        Case("WL", .personalPlaylist("WL")),
        Case("LLsXVk37bltHxD1rDPwtNM8Q", .personalPlaylist("LLsXVk37bltHxD1rDPwtNM8Q")),
        Case("https://www.youtube.com/playlist?list=RDMM", .mix("RDMM")),
        Case("https://www.youtube.com/watch?list=RDdQw4w9WgXcQ", .mix("RDdQw4w9WgXcQ")),
        Case("RDCLAK5uy_kmPRjHDECIcuVwnKsx2Ng7fyNgFKWNJFs", .mix("RDCLAK5uy_kmPRjHDECIcuVwnKsx2Ng7fyNgFKWNJFs")),
        Case("TLGGrESM50VT6acwMjAyMjAxNw", .temporaryPlaylist("TLGGrESM50VT6acwMjAyMjAxNw")),
        Case("@", .malformedHandle("@")), Case("@@x", .malformedHandle("@@x")), Case("@-_-", .malformedHandle("@-_-")),
        Case("youtube.com/@a./videos", .malformedHandle("@a.")), Case("@a+b", .malformedHandle("@a+b")),
        Case("@emoji\u{1F600}", .malformedHandle("@emoji\u{1F600}")),
        Case("@" + String(repeating: "a", count: 31), .malformedHandle("@" + String(repeating: "a", count: 31))),
        Case(
            "@a" + String(repeating: "\u{301}", count: 500),
            .malformedHandle("@a" + String(repeating: "\u{301}", count: 500))),
        Case("https://www.youtube.com/user/a%20b", .malformedName("a b")),
        Case("https://www.youtube.com/c/%3Cscript%3E", .malformedName("<script>")),
    ]
}
