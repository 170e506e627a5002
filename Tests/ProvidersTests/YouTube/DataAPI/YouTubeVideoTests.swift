import Foundation
import Testing

@testable import Providers

@Suite("A video of the Data API")
struct YouTubeVideoTests {
    @Test(
        "has an outcome for each of its states",
        arguments: [
            (#"{"status":{"privacyStatus":"public","uploadStatus":"processed"}}"#, YouTubeAvailability.available),
            (#"{"status":{"privacyStatus":"unlisted","uploadStatus":"processed"}}"#, .available),
            (#"{}"#, .available), (#"{"status":{"privacyStatus":"private","uploadStatus":"processed"}}"#, .private),
            (#"{"status":{"privacyStatus":"public","uploadStatus":"uploaded"}}"#, .processing),
            (#"{"status":{"uploadStatus":"rejected","rejectionReason":"termsOfUse"}}"#, .refused("termsOfUse")),
            (#"{"status":{"uploadStatus":"failed","failureReason":"<b>codec</b>"}}"#, .refused("failed")),
            (#"{"status":{"uploadStatus":"deleted"}}"#, .refused("deleted")),
            (
                #"{"snippet":{"liveBroadcastContent":"live"},"liveStreamingDetails":{"actualStartTime":"2026-01-01T00:00:00Z"}}"#,
                .live
            ),
            (
                #"{"snippet":{"liveBroadcastContent":"upcoming"},"liveStreamingDetails":{"scheduledStartTime":"1970-01-01T00:01:00Z"}}"#,
                .upcoming(at: Date(timeIntervalSince1970: 60))
            ),
            (#"{"snippet":{"liveBroadcastContent":"upcoming"}}"#, .upcoming(at: nil)),
            (
                #"{"snippet":{"liveBroadcastContent":"none"},"liveStreamingDetails":{"actualEndTime":"2026-01-01T00:00:00Z"},"status":{"uploadStatus":"processed"}}"#,
                .available
            ),
            (#"{"contentDetails":{"contentRating":{"ytRating":"ytAgeRestricted"}}}"#, .ageRestricted),
            (#"{"contentDetails":{"contentRating":{"mpaaRating":"mpaaR"}}}"#, .available),
            (
                #"{"status":{"privacyStatus":"public","uploadStatus":"processed"},"statistics":{"likeCount":"5"}}"#,
                .membersOnly
            ),
            (
                #"{"status":{"privacyStatus":"public","uploadStatus":"processed"},"statistics":{"viewCount":"0"}}"#,
                .available
            ),
        ])
    func availability(fields: String, expected: YouTubeAvailability) throws {
        #expect(try Self.video(fields).availability == expected)
    }

    @Test("may be a short by its length, which was a minute until October 2024")
    func shorts() throws {
        func mayBeShort(_ duration: String, _ published: String) throws -> Bool {
            try Self.video(
                #"{"snippet":{"publishedAt":"\#(published)"},"contentDetails":{"duration":"\#(duration)"}}"#
            ).mayBeShort
        }
        #expect(try mayBeShort("PT59S", "2022-01-01T00:00:00Z"))
        #expect(try !mayBeShort("PT2M30S", "2022-01-01T00:00:00Z"))
        #expect(try mayBeShort("PT2M30S", "2025-01-01T00:00:00Z"))
        #expect(try mayBeShort("PT3M", "2025-01-01T00:00:00Z"))
        #expect(try !mayBeShort("PT3M2S", "2025-01-01T00:00:00Z"))
        #expect(try !mayBeShort("P0D", "2025-01-01T00:00:00Z"))
    }

    @Test("keeps what it does not know unknown: no date of 1970, no length of zero")
    func unknown() throws {
        let video = try Self.video(#"{"contentDetails":{"duration":"P0D"},"snippet":{"publishedAt":"soon"}}"#)
        #expect(video.publishedAt == nil && video.duration == nil && video.views == nil && video.regions == nil)
        #expect(video.visibility == .unknown && video.upload == .unknown && video.broadcast == .none)
    }

    @Test("is shown in some countries, or in all but some")
    func regions() throws {
        let only = try Self.video(#"{"contentDetails":{"regionRestriction":{"allowed":["DE","AT"]}}}"#)
        #expect(only.isShown(in: "de") && !only.isShown(in: "US"))
        let allBut = try Self.video(#"{"contentDetails":{"regionRestriction":{"blocked":["US"]}}}"#)
        #expect(allBut.isShown(in: "DE") && !allBut.isShown(in: "US"))
        let nowhere = try Self.video(#"{"contentDetails":{"regionRestriction":{"allowed":[]}}}"#)
        #expect(!nowhere.isShown(in: "DE"))
        #expect(try Self.video(#"{"contentDetails":{"regionRestriction":{"blocked":[]}}}"#).isShown(in: "US"))
    }

    @Test(
        "has a length in ISO 8601",
        arguments: [
            ("PT15M33S", 933), ("PT1H", 3600), ("PT45S", 45), ("P1DT2H3M4S", 93_784), ("P1W", 604_800), ("PT0S", 0),
            ("P0D", 0), ("PT1.5S", 1.5), ("PT100H", 360_000), ("", nil), ("P", nil), ("PT", nil), ("15M", nil),
            ("PT-1S", nil), ("P1Y", nil), ("PTxS", nil), ("PT1S2", nil), ("PT1M1M1D", nil), ("P1DT", nil),
            ("PT99999999999S", nil), ("PT1..S", nil), (nil, nil),
        ] as [(String?, Double?)])
    func durations(text: String?, seconds: Double?) {
        #expect(ISO8601Duration.duration(text) == seconds.map { .seconds($0) })
    }

    @Test("in a list may be gone without anybody asking for it")
    func entries() throws {
        func entry(_ fields: String) throws -> YouTubePlaylistEntry {
            let item = try JSONDecoder().decode(PlaylistItemList.Item.self, from: Data(fields.utf8))
            return try #require(YouTubePlaylistEntry(item))
        }
        let id = #""resourceId":{"kind":"youtube#video","videoId":"dQw4w9WgXcQ"}"#
        #expect(
            try entry(#"{"snippet":{"title":"Private video",\#(id)},"status":{"privacyStatus":"private"}}"#)
                .isUnavailable)
        #expect(
            try entry(
                #"{"snippet":{"title":"Deleted video",\#(id)},"status":{"privacyStatus":"privacyStatusUnspecified"}}"#
            ).isUnavailable)
        #expect(
            try !entry(#"{"snippet":{"title":"Deleted video",\#(id)},"status":{"privacyStatus":"public"}}"#)
                .isUnavailable)
        #expect(try !entry(#"{"snippet":{"title":"Anything",\#(id)}}"#).isUnavailable)
        let page = try JSONDecoder().decode(
            PlaylistItemList.self,
            from: Data(
                #"{"items":[{},{"snippet":{"resourceId":{"kind":"youtube#channel","videoId":"dQw4w9WgXcQ"}}}]}"#.utf8))
        #expect(YouTubePlaylistPage(page).skipped == 2)
    }

    private static func video(_ fields: String) throws -> YouTubeVideo {
        let head = #"{"id":"dQw4w9WgXcQ""#
        let json = head + (fields == "{}" ? "" : ",") + fields.dropFirst()
        let item = try JSONDecoder().decode(VideoList.Item.self, from: Data(json.utf8))
        return try #require(YouTubeVideo(item))
    }
}
