import Testing

@testable import VidSift

@Suite struct SourceNameTests {
    @Test(
        "a caption file's name tells id, title and language",
        arguments: [
            ("Why bread rises [dQw4w9WgXcQ].en.vtt", "dQw4w9WgXcQ", "Why bread rises", "dQw4w9WgXcQ", "en"),
            ("S9JGmA5_unY.en.srt", "S9JGmA5_unY", "S9JGmA5_unY", "S9JGmA5_unY", "en"),
            ("S9JGmA5_unY.pt-BR.srv3.xml", "S9JGmA5_unY", "S9JGmA5_unY", "S9JGmA5_unY", "pt-BR"),
            ("My_long talk.vtt", "My_long talk", "My long talk", nil, nil),
            ("go-time-198.derived.vtt", "go-time-198", "go-time-198", nil, nil),
            ("2016-12-16.the-teaser.fr.vtt", "2016-12-16.the-teaser", "2016-12-16.the-teaser", nil, "fr"),
            ("/a/b/talk.es-419.json3", "talk", "talk", nil, "es-419"),
            ("noextension", "noextension", "noextension", nil, nil),
            (".vtt", ".vtt", ".vtt", nil, nil),
            ("Sets [mathematics].en.vtt", "Sets [mathematics]", "Sets [mathematics]", nil, "en"),
            ("Sorting [Programming].vtt", "Sorting [Programming]", "Sorting [Programming]", nil, nil),
            ("Old talk [abc-efghijk].vtt", "abc-efghijk", "Old talk", "abc-efghijk", nil),
            ("lecture.one.vtt", "lecture.one", "lecture.one", nil, nil),
            ("lecture.two.srt", "lecture.two", "lecture.two", nil, nil),
            ("film.eng.srt", "film", "film", nil, "eng"), ("talk.en-orig.vtt", "talk", "talk", nil, "en-orig"),
        ] as [(String, String, String, String?, String?)])
    func parses(name: String, sourceID: String, title: String, youtubeID: String?, language: String?) {
        let parsed = SourceName(fileName: name)
        #expect(parsed.sourceID == sourceID)
        #expect(parsed.title == title)
        #expect(parsed.youtubeID == youtubeID)
        #expect(parsed.language == language)
    }

    @Test("eleven letters are not taken for a YouTube id unless they can be one")
    func looksLikeAnID() {
        #expect(YouTubeID.isLikely("S9JGmA5_unY"))
        #expect(!YouTubeID.isLikely("go-time-198"))
        #expect(!YouTubeID.isLikely("Talk-Monday"))
        #expect(!YouTubeID.isWellFormed("dQw4w9WgXcR"), "the last character holds four bits only")
        #expect(!YouTubeID.isWellFormed("dQw4w9WgXc"))
    }
}
