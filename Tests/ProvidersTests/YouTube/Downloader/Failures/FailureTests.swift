import Foundation
import Testing

@testable import Providers

@Suite("What yt-dlp says when it fails")
struct FailureTests {
    private let redaction = LogRedaction(YtDlp.Settings())
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func error(_ text: String, exitCode: Int32 = 1, signal: Int32? = nil) -> YtDlpError {
        FailureReading(errors: text, exitCode: exitCode, signal: signal).error(at: now, redaction: redaction)
    }

    @Test("each recorded message is understood", arguments: RecordedFailure.all)
    func recorded(_ failure: RecordedFailure) {
        #expect(error(failure.text).kind == failure.kind)
    }

    @Test("there are enough of them, and of every kind that a message can have")
    func coverage() {
        #expect(RecordedFailure.all.count >= 70)
        let others: Set<YtDlpError.Kind> = [
            .toolMissing, .captionsWithheld, .captionsDamaged, .consent, .live, .tooLarge,
        ]
        #expect(Set(RecordedFailure.all.map(\.kind)) == Set(YtDlpError.Kind.allCases).subtracting(others))
    }

    @Test("what can be done about it")
    func outcomes() {
        #expect(error("ERROR: Private video").outcome == .permanent)
        #expect(error("ERROR: Premieres in 3 hours").outcome == .notYet)
        #expect(error("ERROR: HTTP Error 502: Bad Gateway").outcome == .passing)
        #expect(error("ERROR: HTTP Error 429: Too Many Requests").outcome == .blocked)
        #expect(error("yt-dlp: error: no such option: --flat", exitCode: 2).outcome == .ownersTurn)
        #expect(YtDlpError(.captionsWithheld).outcome == .passing)
    }

    @Test("no permanent failure and none of the owner's is tried again")
    func retrying() {
        for kind in YtDlpError.Kind.allCases {
            let error = YtDlpError(kind)
            #expect(error.isRetryable == (error.outcome != .permanent && error.outcome != .ownersTurn))
        }
    }

    @Test("each kind has words for people, of its own")
    func words() {
        let words = YtDlpError.Kind.allCases.map(\.words)
        #expect(Set(words).count == words.count)
        for text in words { #expect(text.hasSuffix(".") && !text.contains("ERROR") && text.count > 15) }
    }

    @Test("the last error decides, not a warning before it")
    func lastError() {
        let text = """
            WARNING: [youtube] x: Unable to download API page: HTTP Error 429: Too Many Requests
            ERROR: [youtube] x: Private video. Sign in if you've been granted access to this video
            """
        #expect(error(text).kind == .privateVideo)
    }

    @Test(
        "when something is to begin",
        arguments: [
            ("Premieres in 26 hours", 26 * 3600), ("Premieres in 48 minutes", 48 * 60),
            ("This live event will begin in 17 days.", 17 * 86_400), ("Premieres in 1 hour 30 minutes", 5400),
            ("Premieres in 2 hours and 5 minutes", 7500), ("This live event will begin in 1 minute.", 60),
        ])
    func upcoming(_ text: String, seconds: Int) {
        let error = error("ERROR: [youtube] x: \(text)")
        #expect(error.kind == .upcoming)
        #expect(error.startsAt == now + TimeInterval(seconds))
    }

    @Test(
        "where no time is said, none is made up",
        arguments: [
            "This live event will begin in a few moments.", "Premiere will begin shortly",
            "Premieres in 99999999999 days",
        ])
    func upcomingWithoutTime(_ text: String) {
        #expect(error("ERROR: [youtube] x: \(text)").kind == .upcoming)
        #expect(error("ERROR: [youtube] x: \(text)").startsAt == nil)
    }

    @Test("a program that a signal ended, or that said nothing, has crashed")
    func crashes() {
        #expect(error("", exitCode: 1).kind == .toolCrashed)
        #expect(error("", exitCode: 137, signal: 9).kind == .toolCrashed)
        #expect(error("ERROR: HTTP Error 429", exitCode: 139, signal: 11).kind == .toolCrashed)
        #expect(error("/usr/bin/env: 'python3': No such file or directory", exitCode: 127).kind == .toolCrashed)
        #expect(error("usage: yt-dlp [OPTIONS] URL", exitCode: 2).kind == .toolOld)
    }

    @Test("what yt-dlp chose not to download, and titles that look like it")
    func refusals() {
        #expect(FailureWords.refusal(of: "[download] T does not pass filter (!is_live), skipping ..") == .live)
        let large = "[download] File is larger than max-filesize (300000 bytes > 10240 bytes). Aborting."
        #expect(FailureWords.refusal(of: large) == .tooLarge)
        #expect(FailureWords.refusal(of: "[info] Private video: Downloading 1 format(s): 251") == nil)
        #expect(FailureWords.refusal(of: "[download] Destination: audio.webm") == nil)
    }

    @Test("a warning tells that captions are withheld")
    func withheld() {
        let text = """
            WARNING: [youtube] x: There are missing subtitles languages because a PO token was not provided. Subtitles \
            for these languages are missing: en. Automatic captions for 1 languages are missing.
            """
        #expect(FailureReading.saysThatCaptionsAreWithheld(text))
        #expect(!FailureReading.saysThatCaptionsAreWithheld("WARNING: [youtube] x: n challenge solving failed"))
    }
}

@Suite("What the log gets of yt-dlp's words")
struct LogRedactionTests {
    @Test("no password, no path of cookies, no keys of addresses")
    func redacted() {
        let settings = YtDlp.Settings(
            proxy: "http://anna:ge%40heim42@proxy.local:3128", cookies: "/srv/secret/cookies.txt")
        let text = """
            ERROR: ('Unable to connect to proxy', 'http://anna:ge%40heim42@proxy.local:3128') ge@heim42 anna
            ERROR: '/srv/secret/cookies.txt' does not look like a Netscape format cookies file
            https://other:pass@example.org/ https://r1.googlevideo.com/videoplayback?ip=1.2.3.4&sig=AJfQ%3D&x=1&lsig=B'
            https://www.youtube.com/api/timedtext?v=x&signature=ABC.DEF&key=yt8&pot=MnQ&lang=en
            """
        let redacted = LogRedaction(settings).redacted(text)

        for secret in ["heim42", "anna", "/srv/secret", "pass@", "1.2.3.4", "AJfQ", "ABC.DEF", "MnQ", "yt8"] {
            #expect(!redacted.contains(secret), "\(secret) in \(redacted)")
        }
        for word in ["Unable to connect to proxy", "does not look like", "x=1", "lang=en", "example.org"] {
            #expect(redacted.contains(word))
        }
    }

    @Test("no control character: titles are quoted in there")
    func controlCharacters() {
        let redacted = LogRedaction(YtDlp.Settings()).redacted("ERROR: \u{1b}[2J\u{7}a\tb\r\nnext \u{9b}1m é\n")
        #expect(redacted == "ERROR:  [2J a b \nnext  1m é\n")
    }

    @Test("the end is kept, and is bounded")
    func bounded() {
        let reading = FailureReading(errors: String(repeating: "a", count: 100_000) + "the end", exitCode: 1)
        let detail = reading.error(at: Date(), redaction: LogRedaction(YtDlp.Settings())).detail

        #expect(detail?.count == YtDlpError.maximumDetail)
        #expect(detail?.hasSuffix("the end") == true)
    }
}
