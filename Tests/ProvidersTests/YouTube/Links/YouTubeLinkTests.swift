import Testing

@testable import Providers

@Suite("A link to YouTube")
struct YouTubeLinkTests {
    @Test("is read in every form that is in use")
    func forms() {
        for (text, path) in LinkForms.all {
            let link = Result { try YouTubeLink(text) }
            #expect((try? link.get())?.canonicalURL == "https://www.youtube.com" + path, "\(text): \(link)")
        }
        #expect(LinkForms.all.count >= 80)
        #expect(Set(LinkForms.all.map { Array($0.text.utf8) }).count == LinkForms.all.count)
    }

    @Test("keeps apart what is a video, a channel, a handle, a user, a name and a list")
    func kinds() throws {
        let video = try #require(YouTubeVideoID(rawValue: "dQw4w9WgXcQ"))
        let list = try #require(YouTubePlaylistID(rawValue: "PLBB231211A4F62143"))
        let channel = try #require(YouTubeChannelID(rawValue: "UCsXVk37bltHxD1rDPwtNM8Q"))
        let handle = try #require(YouTubeHandle(rawValue: "@UCLA"))
        let name = try #require(YouTubeName(rawValue: "UCLA"))
        #expect(
            try YouTubeLink("https://youtu.be/\(video)?t=43&list=\(list)")
                == .video(video, startSeconds: 43, playlist: list))
        #expect(try YouTubeLink("\(video)") == .video(video))
        #expect(try YouTubeLink("youtube.com/channel/\(channel)") == .channel(channel))
        #expect(try YouTubeLink("@UCLA") == .handle(handle))
        #expect(try YouTubeLink("youtube.com/user/UCLA") == .user(name))
        #expect(try YouTubeLink("youtube.com/c/UCLA") == .customName(name))
        #expect(try YouTubeLink("youtube.com/UCLA") == .customName(name))
        #expect(try YouTubeLink("youtube.com/playlist?list=\(list)") == .playlist(list))
    }

    @Test("that is none says what was wrong", arguments: RefusedLinks.all)
    func refusals(_ refused: RefusedLinks.Case) {
        #expect(throws: refused.error, "\(refused.text.debugDescription)") { try YouTubeLink(refused.text) }
        #expect(refused.error.description.contains("…") == false || refused.text.count > 60)
    }

    @Test("that is none is told about in a sentence without anything invisible in it")
    func descriptions() {
        let hostile = "x\u{202E}\u{0}\n\u{1B}[31m" + String(repeating: "y", count: 500)
        for error in [YouTubeLinkError.notALink(hostile), .notYouTube(host: hostile), .malformedHandle(hostile)] {
            let text = error.description
            #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "\(text)")
            #expect(text.count < 300)
        }
        #expect(YouTubeLinkError.notALink("mkbhd").description.contains("write @mkbhd"))
        #expect(YouTubeLinkError.malformedVideoID("dQw4w9WgXc").description.contains("10 characters"))
        #expect(YouTubeLinkError.personalPlaylist("WL").description.contains("owner alone"))
    }

    @Test("of a channel leads to the list of its uploads without a request")
    func uploads() throws {
        let channel = try #require(YouTubeChannelID(rawValue: "UCsXVk37bltHxD1rDPwtNM8Q"))
        #expect(channel.uploads()?.rawValue == "UUsXVk37bltHxD1rDPwtNM8Q")
        #expect(channel.uploads(.shorts)?.rawValue == "UUSHsXVk37bltHxD1rDPwtNM8Q")
        #expect(channel.uploads(.long)?.rawValue == "UULFsXVk37bltHxD1rDPwtNM8Q")
        #expect(channel.uploads(.membersOnly)?.rawValue == "UUMOsXVk37bltHxD1rDPwtNM8Q")
    }

    @Test(
        "has a time to begin in any of its forms, or none",
        arguments: [
            ("90", 90), ("90s", 90), ("1m30s", 90), ("1m30", 90), ("1h2m3s", 3723), ("2h", 7200), ("1:30", 90),
            ("1:02:03", 3723), ("12.7", 12), ("1H1M1S", 3661), ("0", nil), ("", nil), ("-5", nil), ("s", nil),
            ("1s2h", nil), ("1m1m", nil), ("99999999", nil), ("3600001", nil), ("1:2:3:4", nil), ("٣", nil),
            ("9223372036854775807s", nil), ("1e3", nil), ("0x10", nil),
        ] as [(String, Int?)])
    func startTimes(text: String, seconds: Int?) {
        #expect(StartTime.seconds(text) == seconds)
    }
}
