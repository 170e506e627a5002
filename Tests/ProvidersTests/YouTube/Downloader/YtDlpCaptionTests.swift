import Foundation
import NIOHTTP1
import Testing
import TestModels

@testable import Providers

/// The real program, told by a recorded description to download captions from a server on loopback.
@Suite(
    "yt-dlp downloads captions", .enabled(if: RealYtDlp.isInstalled && RecordedYouTube.isThere), .timeLimit(.minutes(3))
)
struct YtDlpCaptionTests {
    let folder: DownloaderFolder
    private static let json = #"{"wireMagic":"pb3","events":[{"tStartMs":0,"segs":[{"utf8":"hi"}]}]}"#

    init() throws { folder = try DownloaderFolder() }

    /// The recorded video, with its captions at `address`; of its formats only those in `endings`, where it is given.
    private func video(at address: String, endings: Set<String>? = nil) throws -> YtDlpVideo {
        let text = String(decoding: try RecordedYouTube.bytes("yt_dlp/example.info.json"), as: UTF8.self)
            .replacing("https://www.youtube.com/api/timedtext", with: address + "/timedtext")
            .replacing("\"ABC123\"", with: "\"dQw4w9WgXcQ\"")
        var video = try YtDlpVideo(json: Array(text.utf8))
        if let endings {
            for index in video.captions.indices { video.captions[index].links.removeAll { !endings.contains($0.ext) } }
        }
        return video
    }

    private func captions(
        _ languages: [String], endings: Set<String>? = nil, translations: Bool = false,
        answer: LoopbackEndpoint.Answer
    ) async throws -> (file: CaptionFile, paths: [String]) {
        try await LoopbackEndpoint.run({ _, _ in answer }) { endpoint, address in
            let file = try await folder.real().captions(
                of: try video(at: address, endings: endings), languages: languages, allowsTranslations: translations)
            return (file, endpoint.requests.map(\.path))
        }
    }

    @Test("those that people wrote")
    func human() async throws {
        let (file, paths) = try await captions(["de", "en"], answer: .json(200, Self.json))

        #expect(
            file
                == CaptionFile(
                    bytes: Array(Self.json.utf8), format: "json3", language: "de", isAutomatic: false,
                    isTranslation: false))
        #expect(paths.count == 1)
        #expect(paths.first?.contains("lang=de") == true)
        #expect(paths.first?.contains("kind=asr") == false)
        #expect(folder.leftovers == [])
    }

    @Test("automatic ones in the language that is spoken")
    func automatic() async throws {
        let (file, paths) = try await captions(["en"], answer: .json(200, Self.json))

        #expect(file.isAutomatic && !file.isTranslation)
        #expect(file.language == "en")
        #expect(paths.first?.contains("kind=asr") == true)
        #expect(paths.first?.contains("tlang") == false)
        #expect(paths.first?.contains("fmt=json3") == true)
    }

    @Test("a translation, when it is asked for")
    func translated() async throws {
        let refused = await downloadFailure { try await captions(["af"], answer: .json(200, Self.json)) }
        #expect(refused?.kind == .noCaptions)
        #expect(refused?.reason == "This video has captions in de, en, and none in af.")

        let (file, paths) = try await captions(["af"], translations: true, answer: .json(200, Self.json))
        #expect(file.isTranslation && file.language == "af")
        #expect(paths.first?.contains("tlang=af") == true)
    }

    @Test("other formats, where the best is missing")
    func otherFormats() async throws {
        let vtt = "WEBVTT\n\n00:00.000 --> 00:01.000\nhi\n"
        let answer = LoopbackEndpoint.Answer.respond(200, [("content-type", "text/vtt")], Array(vtt.utf8))
        let (file, paths) = try await captions(["de"], endings: ["vtt", "srv1"], answer: answer)
        #expect(file.format == "vtt")
        #expect(file.bytes == Array(vtt.utf8))
        #expect(paths.first?.contains("fmt=vtt") == true)
    }

    /// One request each: nothing is repeated here, least of all when YouTube asks for fewer.
    private func failure(_ answer: LoopbackEndpoint.Answer, longestTime: Duration? = nil) async throws
        -> (YtDlpError?, requests: Int)
    {
        try await LoopbackEndpoint.run({ _, _ in answer }) { endpoint, address in
            let video = try video(at: address)
            let ytDlp = folder.real(longestTime: longestTime)
            let error = await downloadFailure { try await ytDlp.captions(of: video, languages: ["en"]) }
            #expect(folder.leftovers == [])
            return (error, endpoint.requests.count)
        }
    }

    private func page(_ name: String, status: Int = 200) throws -> LoopbackEndpoint.Answer {
        .respond(
            status, [("content-type", "text/html; charset=utf-8")],
            try RecordedYouTube.bytes("innertube_player/" + name))
    }

    @Test("the page that asks for consent")
    func consent() async throws {
        let (error, requests) = try await failure(page("youtube_consent_page.html"))
        #expect(error?.kind == .consent)
        #expect(requests == 1)
    }

    @Test("the page that asks for fewer requests, with its status and without", arguments: [429, 200])
    func tooMany(_ status: Int) async throws {
        let (error, requests) = try await failure(page("youtube_too_many_requests.html", status: status))
        #expect(error?.kind == .rateLimited)
        #expect(error?.outcome == .blocked)
        #expect(requests == 1)
    }

    @Test("nothing at all")
    func empty() async throws {
        let (error, requests) = try await failure(.respond(200, [("content-type", "application/json")], []))
        #expect(error?.kind == .captionsEmpty)
        #expect(requests <= 2)
    }

    @Test("cut short without anybody noticing")
    func truncated() async throws {
        let (error, _) = try await failure(.json(200, String(Self.json.dropLast(5))))
        #expect(error?.kind == .captionsDamaged)
        #expect(error?.outcome == .passing)
    }

    @Test("cut short by the network")
    func cut() async throws {
        let (error, requests) = try await failure(.cut(Array(Self.json.utf8)))
        #expect(error?.kind == .network)
        #expect(requests == 2)
    }

    @Test(
        "an address that is no longer good, a server in trouble",
        arguments: [
            (404, YtDlpError.Kind.captionsEmpty), (403, .refused), (500, .serverError), (503, .serverError),
        ])
    func statuses(_ status: Int, kind: YtDlpError.Kind) async throws {
        let (error, requests) = try await failure(.json(status, "{}"))
        #expect(error?.kind == kind)
        #expect(requests <= 2)
    }

    @Test("silence")
    func silence() async throws {
        let (error, _) = try await failure(.silence, longestTime: .seconds(3))
        #expect(error?.kind == .timeout)
    }

    @Test("captions without end")
    func endless() async throws {
        let flood = LoopbackEndpoint.Step.flood([UInt8](repeating: 0x20, count: 1 << 20), times: 10_000)
        let (error, _) = try await failure(.stream([flood]))
        #expect(error?.kind == .tooLarge)
    }

    @Test("a track whose name is a path stays in its folder")
    func pathAsName() async throws {
        try await LoopbackEndpoint.run({ _, _ in .json(200, Self.json) }) { _, address in
            let link = CaptionLink(url: address + "/x", ext: "json3")
            let track = try #require(
                CaptionTrack.tracks(human: ["../../../evil": [link]], automatic: [:]).first)
            let file = try await folder.real().captions(track, of: try YtDlpVideo(json: Array(#"{"id":"x"}"#.utf8)))
            #expect(file.language == "../../../evil")
            #expect(folder.leftovers == [])
            #expect(folder.names(folder.path).sorted() == ["files", "programs", "runs"])
        }
    }

    @Test("an address outside YouTube is not contacted in production")
    func otherHosts() async throws {
        try await LoopbackEndpoint.run({ _, _ in .json(200, Self.json) }) { endpoint, address in
            let video = try video(at: address)
            let ytDlp = YtDlp(YtDlp.Settings(program: RealYtDlp.program, temporaryFolder: folder.runs))
            #expect(
                await downloadFailure { try await ytDlp.captions(of: video, languages: ["en"]) }?.kind == .noCaptions)
            #expect(endpoint.requests.isEmpty)
        }
    }
}
