import Testing

@testable import Providers

@Suite("What an answer is recognised by")
struct YouTubeValidatorsTests {
    @Test("is sent back in quotes, as headers have it")
    func quotes() {
        #expect(YouTubeValidators(etag: "abc").etag == "\"abc\"")
        #expect(YouTubeValidators(etag: "\"abc\"").etag == "\"abc\"")
        #expect(YouTubeValidators(etag: "W/\"abc\"").etag == "W/\"abc\"")
    }

    @Test("is dropped where it can't stand in a header")
    func headers() {
        #expect(YouTubeValidators(etag: "a\r\nx: y", lastModified: "b\n").headers.isEmpty)
        #expect(YouTubeValidators(etag: String(repeating: "a", count: 257), lastModified: "").headers.isEmpty)
        let headers = YouTubeValidators(etag: "a", lastModified: "Mon, 26 Jan 2026 17:47:50 GMT").headers
        #expect(headers.map(\.0) == ["if-none-match", "if-modified-since"])
    }
}
