import Foundation
import Testing

@testable import Providers

@Suite("yt-dlp's description of a video")
struct YtDlpVideoTests {
    private func video(_ json: String) throws -> YtDlpVideo { try YtDlpVideo(json: Array(json.utf8)) }

    @Test("a recorded one", .enabled(if: RecordedYouTube.isThere))
    func recorded() throws {
        let video = try YtDlpVideo(json: RecordedYouTube.bytes("yt_dlp/example.info.json"))

        #expect(video.id == "ABC123")
        #expect(video.title == "Pinchflat Example Video")
        #expect(video.description == "Test metadata for Pinchflat")
        #expect(video.channel == "PinchflatTestChannel")
        #expect(video.handle?.rawValue == "@PinchflatTestChannel")
        // The recording's ids are made up, and no ids of YouTube's.
        #expect(video.channelID == nil)
        #expect(video.duration == 582)
        #expect(video.publishedAt == Date(timeIntervalSince1970: 1_626_739_200))
        #expect(video.liveStatus == .never)
        #expect(video.access == .anybody)
        #expect(video.chapters.map(\.title).prefix(2) == ["Introduction", "Part 1"])
        #expect(video.chapters.first?.end == 31)
        #expect(video.language == "en")
        #expect(video.hasMedia)
        #expect(video.captions.first { !$0.isAutomatic }?.language == "de")
        let originals = video.captions.filter { $0.isAutomatic && !$0.isTranslation }
        #expect(originals.map(\.key) == ["en", "en-orig"])
        #expect(originals.map(\.language) == ["en", "en"])
        #expect(video.captions.count == 251)
    }

    @Test("only the id has to be there; what is of another type is left out")
    func lenient() throws {
        #expect(try video(#"{"id":"x"}"#).title == "x")

        let odd = try video(
            #"""
            {"id":"x","title":7,"duration":"long","chapters":[{"title":"a"},{"title":"b","start_time":1.5},null,3],
             "subtitles":{"en":[{"ext":"vtt","url":"https://www.youtube.com/x","new":{"a":[1]}}],"fr":"no"},
             "automatic_captions":null,"live_status":"new_status","formats":{},"age_limit":null,
             "upload_date":"20261399"}
            """#)
        #expect(odd.title == "x")
        #expect(odd.duration == nil)
        #expect(odd.chapters == [YtDlpVideo.Chapter(title: "b", start: 1.5, end: nil)])
        #expect(odd.liveStatus == .never)
        #expect(odd.publishedAt == nil)
        #expect(!odd.hasMedia)
        #expect(odd.ageLimit == 0)
    }

    @Test("a number beyond all measure is left out: whoever calculates with it would crash")
    func hugeNumbers() throws {
        let huge = try video(
            #"""
            {"id":"x","duration":1e300,"timestamp":1e300,"release_timestamp":-1e300,"age_limit":1e300,
             "chapters":[{"title":"a","start_time":1e300},{"title":"b","start_time":2,"end_time":1e300}]}
            """#)
        #expect(huge.duration == nil && huge.publishedAt == nil && huge.startsAt == nil && huge.ageLimit == 0)
        #expect(huge.chapters == [YtDlpVideo.Chapter(title: "b", start: 2, end: nil)])
        #expect(try video(#"{"id":"x","duration":75000000,"age_limit":18}"#).duration == 75_000_000)
        let entry = try YtDlpListEntry(json: Array(#"{"id":"dQw4w9WgXcQ","duration":1e300}"#.utf8)[...], position: 1)
        #expect(entry?.duration == nil)
    }

    @Test("of several captions those that can be read are kept, even where another is nonsense")
    func captionsAreLenient() throws {
        let video = try video(
            #"{"id":"x","subtitles":{"en":[{"ext":"vtt"},5,{"ext":"vtt","url":"https://www.youtube.com/x"}]}}"#)
        #expect(video.captions.map(\.key) == ["en"])
    }

    @Test(
        "what is no description is an error",
        arguments: ["", "null", "[]", "{}", "<html>", #"{"id":"x""#, #"{"id":3}"#])
    func noDescription(_ text: String) {
        #expect { try video(text) } throws: { ($0 as? YtDlpError)?.kind == .toolCrashed }
    }

    @Test("the exact time goes before the day")
    func times() throws {
        let exact = try video(#"{"id":"x","timestamp":1700000000,"upload_date":"20231114"}"#)
        #expect(exact.publishedAt == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(try video(#"{"id":"x"}"#).publishedAt == nil)
    }

    @Test("too early for captions: yet to come, or running")
    func tooEarly() throws {
        let upcoming = try video(#"{"id":"x","live_status":"is_upcoming","release_timestamp":1800000000}"#)
        #expect(upcoming.tooEarly?.kind == .upcoming)
        #expect(upcoming.tooEarly?.startsAt == Date(timeIntervalSince1970: 1_800_000_000))
        #expect(try video(#"{"id":"x","live_status":"is_live"}"#).tooEarly?.kind == .live)
        for status in ["was_live", "not_live", "post_live"] {
            #expect(try video("{\"id\":\"x\",\"live_status\":\"\(status)\"}").tooEarly == nil)
        }
        #expect(try video(#"{"id":"x","was_live":true}"#).liveStatus == .recorded)
    }

    @Test("pictures alone are no media")
    func media() throws {
        let pictures = #"{"id":"x","formats":[{"acodec":"none","vcodec":"none"}]}"#
        #expect(try !video(pictures).hasMedia)
        #expect(try video(#"{"id":"x","formats":[{"acodec":"opus","vcodec":"none"}]}"#).hasMedia)
        // A server of one's own says nothing about codecs.
        #expect(try video(#"{"id":"x","formats":[{"url":"y"}]}"#).hasMedia)
    }

    @Test("why there are no captions in a language")
    func lacking() throws {
        #expect(try video(#"{"id":"x"}"#).lacksCaptions(in: ["en"]).reason == "This video has no captions.")
        let german = #"{"id":"x","subtitles":{"de":[{"ext":"vtt","url":"https://www.youtube.com/x"}]}}"#
        #expect(
            try video(german).lacksCaptions(in: ["en", "fr"]).reason
                == "This video has captions in de, and none in en, fr.")
        let ended = try video(#"{"id":"x","live_status":"post_live"}"#)
        #expect(ended.lacksCaptions(in: ["en"]).kind == .recordingPending)
        var withheld = try video(#"{"id":"x"}"#)
        withheld.captionsAreWithheld = true
        #expect(withheld.lacksCaptions(in: ["en"]).kind == .captionsWithheld)
    }
}

@Suite("The entries of a list")
struct YtDlpListEntryTests {
    private func entry(_ json: String) throws -> YtDlpListEntry? {
        try YtDlpListEntry(json: Array(json.utf8)[...], position: 3)
    }

    @Test("a video")
    func video() throws {
        let entry = try #require(
            try entry(
                #"""
                {"_type":"url","id":"dQw4w9WgXcQ","url":"https://www.youtube.com/watch?v=dQw4w9WgXcQ","title":"T",
                 "duration":213.0,"live_status":"was_live","availability":null}
                """#
            ))
        #expect(entry.id.rawValue == "dQw4w9WgXcQ")
        #expect(entry.position == 3)
        #expect(entry.title == "T")
        #expect(entry.duration == 213)
        #expect(entry.liveStatus == .recorded)
        #expect(entry.access == nil)
        #expect(!entry.isShort)
    }

    @Test("places that are kept for what is gone, members' videos, shorts")
    func special() throws {
        #expect(try entry(#"{"id":"dQw4w9WgXcQ","title":"[Private video]","duration":null}"#)?.access == .invited)
        #expect(try entry(#"{"id":"dQw4w9WgXcQ","title":"[Deleted video]"}"#)?.access == .removed)
        // Somebody may really call his video so.
        #expect(try entry(#"{"id":"dQw4w9WgXcQ","title":"[Deleted video]","duration":3}"#)?.access == nil)
        #expect(try entry(#"{"id":"dQw4w9WgXcQ","availability":"subscriber_only"}"#)?.access == .members)
        let short = #"{"id":"dQw4w9WgXcQ","url":"https://www.youtube.com/shorts/dQw4w9WgXcQ"}"#
        #expect(try entry(short)?.isShort == true)
    }

    @Test("what is no video is passed over, what is no entry is an error")
    func others() throws {
        #expect(try entry(#"{"_type":"url","id":"PLx","url":"https://www.youtube.com/playlist?list=PLx"}"#) == nil)
        #expect(try entry(#"{"url":"https://evil.example/watch?v=dQw4w9WgXcQ"}"#) == nil)
        #expect { try entry("WARNING: no") } throws: { ($0 as? YtDlpError)?.kind == .toolCrashed }
    }

    @Test("the address of a channel's uploads, and of a playlist")
    func addresses() throws {
        let channel = try #require(YouTubeChannelID(rawValue: "UC_x5XG1OV2P6uZZ5FSM9Ttw"))
        #expect(YtDlpList.uploads(channel).address == "https://www.youtube.com/playlist?list=UU_x5XG1OV2P6uZZ5FSM9Ttw")
        let list = try #require(YouTubePlaylistID(rawValue: "PLBCF2DAC6FFB574DE"))
        #expect(YtDlpList.playlist(list).address == "https://www.youtube.com/playlist?list=PLBCF2DAC6FFB574DE")
    }
}
