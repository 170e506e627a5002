import Foundation
import Providers
import Testing

@testable import VidSift

@Suite("The settings for YouTube")
struct YouTubeSettingsTests {
    @Test("nothing set: no key, 600 requests an hour two seconds apart, one video at a time, 500 of a channel")
    func defaults() throws {
        let youtube = try Settings.resolve(variables: [:]).youtube
        #expect(youtube.apiKey == nil && youtube.dailyUnits == 10_000 && youtube.parallel == 1)
        #expect(youtube.limits == YouTubePace.Limits(requestsPerHour: 600, spacing: .seconds(2)))
        #expect(youtube.maximumVideos == 500 && youtube.proxy == nil && youtube.cookies == nil)
        #expect(youtube.apiBaseURL == YouTubeDataAPI.officialURL && youtube.feedURL == YouTubeFeed.officialURL)
        #expect(youtube.downloader.hasSuffix("yt-dlp"))
        #expect(youtube.dataAPI(gate: UnlimitedQuota()) == nil, "without a key there is no Data API")
    }

    @Test("all of it can be set, and neither the key nor the proxy's password ever shows")
    func all() throws {
        let folder = TemporaryFolder()
        let cookies = try folder.write("# Netscape HTTP Cookie File\n", to: "cookies.txt")
        let settings = try Settings.resolve(variables: [
            "YOUTUBE_API_KEY": "AIza-very-secret", "YOUTUBE_API_BASE_URL": "http://127.0.0.1:9/v3/",
            "YOUTUBE_DAILY_UNITS": "50000", "YTDLP_PATH": "/bin/sh",
            "YOUTUBE_PROXY": "socks5h://me:very-secret@proxy.example:1080", "YOUTUBE_COOKIES": cookies,
            "YOUTUBE_REQUESTS_PER_HOUR": "120", "YOUTUBE_SPACING_MS": "500", "YOUTUBE_PARALLEL": "3",
            "CHANNEL_MAX_VIDEOS": "20000", "YOUTUBE_FEED_URL": "http://127.0.0.1:9/feeds",
        ])
        let youtube = settings.youtube
        #expect(youtube.apiBaseURL == "http://127.0.0.1:9/v3" && youtube.dailyUnits == 50_000)
        #expect(youtube.downloader == "/bin/sh" && youtube.cookies == cookies)
        #expect(youtube.limits == YouTubePace.Limits(requestsPerHour: 120, spacing: .milliseconds(500)))
        #expect(youtube.parallel == 3 && youtube.maximumVideos == 20_000)
        #expect(youtube.feedURL == "http://127.0.0.1:9/feeds")
        #expect(youtube.dataAPI(gate: UnlimitedQuota()) != nil)
        #expect(!"\(settings)".contains("very-secret") && !String(reflecting: settings).contains("very-secret"))
    }

    @Test(
        "what is wrong is said by name, and without passwords",
        arguments: [
            ("YOUTUBE_DAILY_UNITS", "0"), ("YOUTUBE_REQUESTS_PER_HOUR", "9"), ("YOUTUBE_SPACING_MS", "-1"),
            ("YOUTUBE_PARALLEL", "33"), ("CHANNEL_MAX_VIDEOS", "20001"), ("CHANNEL_MAX_VIDEOS", "many"),
            ("YTDLP_PATH", "/nonexistent/yt-dlp"), ("YOUTUBE_COOKIES", "/nonexistent/cookies.txt"),
            ("YOUTUBE_COOKIES", "/tmp"), ("YOUTUBE_PROXY", "proxy.example:1080"),
            ("YOUTUBE_PROXY", "ftp://me:very-secret@proxy.example"), ("YOUTUBE_API_BASE_URL", "http://127.0.0.1:9"),
            ("YOUTUBE_FEED_URL", "file:///etc/passwd"),
        ])
    func problems(name: String, value: String) throws {
        do {
            _ = try Settings.resolve(variables: [name: value])
            Issue.record("the settings were taken")
        } catch let error as SettingsError {
            #expect(error.problems.count == 1 && error.problems[0].hasPrefix(name), "\(error)")
            #expect(!error.description.contains("very-secret"))
        }
    }

    @Test("a name without a slash is looked for in PATH when it is needed")
    func programInPath() throws {
        #expect(try Settings.resolve(variables: ["YTDLP_PATH": "my-yt-dlp"]).youtube.downloader == "my-yt-dlp")
    }
}

@Suite("Who listens to videos without captions") struct TranscriptionSettingsTests {
    private func resolved(_ variables: [String: String]) throws -> EndpointTranscriptionModel.Configuration? {
        try Settings.resolve(variables: variables).transcription
    }

    @Test("nobody, unless a model or an address is named: a key alone does not make it cost")
    func none() throws {
        #expect(try resolved([:])?.model == nil)
        #expect(try resolved(["OPENAI_API_KEY": "a-key"])?.model == nil)
    }

    @Test("the model of the usual endpoint, or one of an address of its own")
    func named() throws {
        let usual = try #require(try resolved(["OPENAI_API_KEY": "a-key", "TRANSCRIPTION_MODEL": "whisper-2"]))
        #expect(usual.baseURL == "https://api.openai.com/v1" && usual.model == "whisper-2" && usual.apiKey != nil)
        let own = try #require(try resolved(["TRANSCRIPTION_BASE_URL": "http://127.0.0.1:8080/v1"]))
        #expect(own.baseURL == "http://127.0.0.1:8080/v1" && own.model == "whisper-1" && own.apiKey == nil)
    }

    @Test(
        "what can't be meant is refused",
        arguments: [["TRANSCRIPTION_MODEL": "whisper-1"], ["TRANSCRIPTION_API_KEY": "a-key"]])
    func refused(variables: [String: String]) {
        #expect(throws: SettingsError.self) { _ = try resolved(variables) }
    }
}
