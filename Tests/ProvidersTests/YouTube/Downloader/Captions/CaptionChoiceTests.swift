import Testing

@testable import Providers

@Suite("The choice of captions")
struct CaptionChoiceTests {
    private static let base = "https://www.youtube.com/api/timedtext?v=x&lang=en"

    /// Tracks by yt-dlp's names: `a:` marks automatic ones, `t:` translations.
    private func tracks(_ names: String...) -> [CaptionTrack] {
        var human: [String: [CaptionLink]] = [:]
        var automatic: [String: [CaptionLink]] = [:]
        for name in names {
            let key = String(name.split(separator: ":").last ?? "")
            let kind = name.hasPrefix("a:") ? "&kind=asr" : name.hasPrefix("t:") ? "&kind=asr&tlang=\(key)" : ""
            let link = CaptionLink(url: Self.base + kind, ext: "json3")
            if name.contains(":") { automatic[key] = [link] } else { human[key] = [link] }
        }
        return CaptionTrack.tracks(human: human, automatic: automatic)
    }

    private func choice(
        _ tracks: [CaptionTrack], _ languages: [String], translations: Bool = false, spoken: String? = nil
    ) -> String? {
        CaptionChoice(languages: languages, allowsTranslations: translations, spoken: spoken).track(of: tracks)
            .map { ($0.isAutomatic ? "a:" : "") + $0.key }
    }

    @Test("what people wrote goes before what a machine heard")
    func humanFirst() {
        #expect(choice(tracks("a:en", "a:en-orig", "en"), ["en"]) == "en")
        #expect(choice(tracks("a:en", "a:en-orig", "en-GB"), ["en"]) == "en-GB")
    }

    @Test("the first language that is there wins, even when the second is by people")
    func languageOrder() {
        let tracks = tracks("de", "a:en-orig", "fr")
        #expect(choice(tracks, ["en", "de"]) == "a:en-orig")
        #expect(choice(tracks, ["de", "en"]) == "de")
        #expect(choice(tracks, ["it", "fr", "de"]) == "fr")
        #expect(choice(tracks, ["it"]) == nil)
        #expect(choice(tracks, []) == nil)
    }

    @Test("a language means its regional variants, too")
    func variants() {
        #expect(choice(tracks("en-US"), ["en"]) == "en-US")
        #expect(choice(tracks("en-US", "en-GB", "en"), ["en"]) == "en")
        #expect(choice(tracks("en-US", "en-GB"), ["en-US"]) == "en-US")
        #expect(choice(tracks("en-GB", "en"), ["en-US"]) == "en")
        #expect(choice(tracks("en-GB"), ["en_us"]) == "en-GB")
        #expect(choice(tracks("zh-Hans"), ["zh"]) == "zh-Hans")
        #expect(choice(tracks("es-419", "es-ES"), ["es"]) == "es-419")
        // The second track of one language has a name of its own.
        #expect(choice(tracks("en-eEY6OEpapPo", "en-US"), ["en"]) == "en-US")
        #expect(choice(tracks("en-eEY6OEpapPo"), ["en"]) == "en-eEY6OEpapPo")
        // Languages that only begin alike are others.
        #expect(choice(tracks("enm", "e"), ["en"]) == nil)
    }

    @Test("codes that were replaced long ago are the same language")
    func olderCodes() {
        #expect(choice(tracks("iw"), ["he"]) == "iw")
        #expect(choice(tracks("he"), ["iw"]) == "he")
        #expect(choice(tracks("id"), ["in"]) == "id")
    }

    @Test("a machine's translation is refused, unless it is asked for")
    func translations() {
        let tracks = tracks("t:de", "t:fr", "a:en", "a:en-orig")
        #expect(choice(tracks, ["de"]) == nil)
        #expect(choice(tracks, ["de"], translations: true) == "a:de")
        #expect(choice(tracks, ["de", "en"], translations: true) == "a:en")
        #expect(choice(tracks, ["fr", "de"], translations: true) == "a:fr")
    }

    @Test("any language: what is spoken, by people if possible")
    func anyLanguage() {
        let all = tracks("de", "en", "a:en-orig", "t:fr")
        #expect(choice(all, ["*"], spoken: "en") == "en")
        #expect(choice(tracks("de", "a:en-orig"), ["*"], spoken: "en") == "a:en-orig")
        #expect(choice(tracks("a:ja-orig", "a:ja"), ["en", "*"]) == "a:ja")
        #expect(choice(tracks("t:fr"), ["*"]) == nil)
    }

    @Test("a translation of what people wrote is named after both languages; its copy is left out")
    func namesOfTranslations() {
        let automatic = [
            "af-de": [CaptionLink(url: Self.base + "&tlang=af", ext: "json3")],
            "de-de": [CaptionLink(url: Self.base, ext: "json3")],
        ]
        let tracks = CaptionTrack.tracks(human: [:], automatic: automatic)
        #expect(tracks.map(\.language) == ["af"])
        #expect(choice(tracks, ["af"], translations: true) == "a:af-de")
    }

    @Test("what was said beside a broadcast is no caption, nor is what can't be read")
    func unreadable() {
        let links = [
            "live_chat": [CaptionLink(url: Self.base, ext: "json3")], "en": [CaptionLink(url: Self.base, ext: "gif")],
        ]
        #expect(CaptionTrack.tracks(human: links, automatic: [:]) == [])
        #expect(CaptionTrack.tracks(human: [:], automatic: ["en": []]) == [])
    }

    @Test(
        "the format with the time of each word goes first",
        arguments: [
            (["vtt", "srv1", "json3", "srv3"], "json3"), (["srv1", "vtt", "srv3", "ttml"], "srv3"),
            (["srv2", "vtt"], "vtt"),
            (["gif", "srt", "srv1"], "srt"),
        ])
    func formats(_ endings: [String], best: String) throws {
        let links = endings.map { CaptionLink(url: Self.base, ext: $0) }
        let track = try #require(CaptionTrack.tracks(human: ["en": links], automatic: [:]).first)
        #expect(track.best?.ext == best)
    }

    @Test("the same choice whatever the order", arguments: 0..<20)
    func sameEachTime(_ seed: Int) {
        let all = tracks("en-GB", "en-US", "en-CA", "a:en", "a:en-orig", "t:de", "de-AT", "de-CH")
        #expect(choice(all.shuffled(), ["en"]) == "en-CA")
        #expect(choice(all.shuffled(), ["de"]) == "de-AT")
    }

    @Test(
        "captions are downloaded from YouTube alone",
        arguments: [
            ("https://www.youtube.com/api/timedtext?v=x", true), ("https://youtube.com/x", true),
            ("https://manifest.googlevideo.com/api/x", true), ("http://www.youtube.com/api/timedtext", false),
            ("https://www.youtube.com:8443/x", false), ("https://youtube.com.evil.example/x", false),
            ("https://notyoutube.com/x", false), ("https://user@www.youtube.com/x", false),
            ("http://127.0.0.1/x", false),
            ("http://169.254.169.254/latest", false), ("file:///etc/passwd", false),
            ("https://www.youtube.com\\@evil/", false),
        ])
    func hosts(_ address: String, isAllowed: Bool) {
        #expect(CaptionHosts.youTube.allow(address) == isAllowed)
    }
}
