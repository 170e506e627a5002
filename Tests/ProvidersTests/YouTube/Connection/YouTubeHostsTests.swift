import Testing

@testable import Providers

@Suite("The hosts of YouTube")
struct YouTubeHostsTests {
    @Test(
        "are contacted by https and nowhere else",
        arguments: [
            ("https://www.youtube.com/feeds/videos.xml?channel_id=x", true),
            ("https://www.googleapis.com/youtube/v3/videos?id=x", true), ("https://WWW.YOUTUBE.COM/", true),
            ("https://youtube.googleapis.com/youtube/v3/videos", true), ("https://www.youtube.com:443/", true),
            ("http://www.youtube.com/feeds/videos.xml", false), ("https://www.youtube.com:8443/", false),
            ("https://youtube.com/", false), ("https://www.google.com/", false), ("https://youtu.be/x", false),
            ("https://www.youtube.com.evil.com/", false), ("https://www.youtube.com@evil.com/", false),
            ("https://evil.com/www.youtube.com", false), ("https://www.youtube.com\\@evil.com/", false),
            ("https://www.youtube.com\t.evil.com/", false), ("//www.youtube.com/", false),
            ("www.youtube.com/feeds", false), ("http://127.0.0.1/", false), ("file:///etc/passwd", false), ("", false),
        ])
    func official(url: String, isAllowed: Bool) {
        #expect(YouTubeHosts.official.allow(url) == isAllowed)
    }

    @Test("give way to the one that is configured, and to its port alone")
    func configured() throws {
        let hosts = try #require(YouTubeHosts(configured: "http://127.0.0.1:8123/v3"))
        #expect(hosts.allow("http://127.0.0.1:8123/v3/videos?id=x"))
        #expect(!hosts.allow("http://127.0.0.1:8124/v3/videos"))
        #expect(!hosts.allow("https://127.0.0.1:8123/v3/videos"))
        #expect(!hosts.allow("http://127.0.0.1:8123@evil.com/"))
        #expect(!hosts.allow("https://www.youtube.com/feeds/videos.xml"))
        let sixth = try #require(YouTubeHosts(configured: "http://[::1]:8123"))
        #expect(sixth.allow("http://[::1]:8123/videos"))
        #expect(!sixth.allow("http://[::2]:8123/videos"))
    }

    @Test(
        "can't be configured to what is no http address",
        arguments: [
            "", "127.0.0.1:8080", "ftp://host", "http://", "http://a b", "http://user@host", "http://host?x=1",
            "http://host#x", "http://host:0", "http://h\u{F6}st",
        ])
    func refused(baseURL: String) {
        #expect(YouTubeHosts(configured: baseURL) == nil)
    }

    @Test("are taken apart as the standard says")
    func addresses() throws {
        let address = try WebAddress("HTTP://WWW.YouTube.com:8080/a/b?c=d?e#f#g?h")
        #expect(address.scheme == "http" && address.host == "www.youtube.com" && address.port == 8080)
        #expect(address.path == "/a/b" && address.query == "c=d?e" && address.fragment == "f#g?h")
        let bare = try WebAddress("host?q", defaultScheme: "https")
        #expect(bare.host == "host" && bare.path.isEmpty && bare.query == "q" && bare.port == nil)
    }
}
