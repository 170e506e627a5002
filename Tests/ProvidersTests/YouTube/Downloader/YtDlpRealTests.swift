import Foundation
import NIOHTTP1
import Synchronization
import Testing
import TestModels

@testable import Providers

/// The real program with its general reader, on pages of a server on loopback.
@Suite("yt-dlp itself", .enabled(if: RealYtDlp.isInstalled), .timeLimit(.minutes(3)))
struct YtDlpRealTests {
    let folder: DownloaderFolder
    private static let page = """
        <html><head><title>A talk</title></head><body><video src="/talk.mp4">
        <track kind="subtitles" src="/talk.en.vtt" srclang="en"><track kind="subtitles" src="/talk.de.vtt" srclang="de">
        </video></body></html>
        """
    private static let vtt = "WEBVTT\n\n00:00.000 --> 00:01.000\nhi\n"
    private static let sound = [UInt8](repeating: 7, count: 300_000)

    init() throws { folder = try DownloaderFolder() }

    private static func answer(_ path: String) -> LoopbackEndpoint.Answer {
        switch path {
        case "/page": .respond(200, [("content-type", "text/html")], Array(page.utf8))
        case "/talk.mp4": .respond(200, [("content-type", "video/mp4")], sound)
        case "/talk.en.vtt", "/talk.de.vtt": .respond(200, [("content-type", "text/vtt")], Array(vtt.utf8))
        default: .json(404, "{}")
        }
    }

    private func withServer<Value>(
        _ answer: @escaping @Sendable (String) -> LoopbackEndpoint.Answer = Self.answer,
        _ body: (String) async throws -> Value
    ) async throws -> Value {
        try await LoopbackEndpoint.run({ request, _ in answer(request.path) }) { _, address in
            // Its paths begin at the root.
            try await body(String(address.dropLast("/v1".count)))
        }
    }

    @Test("its version is new enough")
    func version() async throws {
        #expect(try await folder.real().version().description == "2026.10.26")
    }

    @Test("a page's video, and its captions")
    func information() async throws {
        try await withServer { address in
            let video = try await folder.real().information(at: address + "/page")
            #expect(video.title.hasPrefix("A talk"))
            #expect(video.hasMedia)
            #expect(video.captions.map(\.language) == ["de", "en"])

            let file = try await folder.real().captions(of: video, languages: ["en"])
            #expect(file.format == "vtt" && file.language == "en" && !file.isAutomatic)
            #expect(file.bytes == Array(Self.vtt.utf8))
            #expect(folder.leftovers == [])
        }
    }

    @Test("a page that is not there, a server that is not there, an address that is none")
    func nothingThere() async throws {
        let ytDlp = folder.real()
        try await withServer { address in
            #expect(await downloadFailure { try await ytDlp.information(at: address + "/none") }?.kind == .notFound)
        }
        let refused = await downloadFailure { try await ytDlp.information(at: "http://127.0.0.1:1/") }
        #expect(refused?.kind == .network)
        #expect(await downloadFailure { try await ytDlp.information(at: "--exec") }?.kind == .notFound)
        #expect(folder.leftovers == [])
    }

    @Test("in production it asks nobody but YouTube, wherever an answer points")
    func readers() async throws {
        try await LoopbackEndpoint.run({ request, _ in Self.answer(request.path) }) { endpoint, address in
            let ytDlp = YtDlp(YtDlp.Settings(program: RealYtDlp.program, temporaryFolder: folder.runs))
            let error = await downloadFailure { try await ytDlp.information(at: address + "/page") }
            #expect(error?.kind == .notFound)
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test("what it has at hand")
    func equipment() async throws {
        let equipment = try await folder.real().equipment()
        #expect(equipment.version.description == "2026.10.26")
        #expect(equipment.engines != nil && equipment.hasScripts != nil)
        #expect(folder.leftovers == [])
    }

    @Test("a proxy that does not work is told, without its password")
    func proxy() async throws {
        let ytDlp = folder.real(proxy: "http://anna:geheim42@127.0.0.1:1")
        try await withServer { address in
            let error = await downloadFailure { try await ytDlp.information(at: address + "/page") }
            #expect(error?.kind == .proxy)
            #expect(error?.debugDescription.contains("geheim42") == false)
        }
    }

    @Test("sound, with its progress")
    func audio() async throws {
        try await withServer { address in
            let seen = Mutex<[DownloadProgress]>([])
            let audio = try await folder.real().audio(
                at: address + "/page", into: folder.files, maximumBytes: 1_000_000
            ) { progress in seen.withLock { $0.append(progress) } }

            #expect(audio.path == folder.files + "/audio.mp4")
            #expect(audio.bytes == Self.sound.count)
            #expect(try TestFiles.bytes(audio.path) == Self.sound)
            let progress = seen.withLock(\.self)
            #expect(progress.last == DownloadProgress(bytes: Self.sound.count, totalBytes: Self.sound.count))
            #expect(progress.map(\.bytes) == progress.map(\.bytes).sorted())
            #expect(folder.names(folder.runs) == [])
        }
    }

    @Test("sound that says it is larger than the limit")
    func tooLarge() async throws {
        try await withServer { address in
            let ytDlp = folder.real()
            let error = await downloadFailure {
                try await ytDlp.audio(at: address + "/page", into: folder.files, maximumBytes: 1000) { _ in }
            }
            #expect(error?.kind == .tooLarge)
            #expect(folder.leftovers == [])
        }
    }

    @Test("sound without end")
    func endless() async throws {
        let flood = LoopbackEndpoint.Step.flood([UInt8](repeating: 7, count: 1 << 20), times: 10_000)
        try await withServer {
            $0 == "/talk.mp4" ? .stream([flood], contentType: "video/mp4") : Self.answer($0)
        } _: {
            address in
            let ytDlp = folder.real()
            let error = await downloadFailure {
                try await ytDlp.audio(at: address + "/page", into: folder.files, maximumBytes: 5_000_000) { _ in }
            }
            #expect(error?.kind == .tooLarge)
            #expect(folder.leftovers == [])
        }
    }

    @Test("a refused download leaves nothing", arguments: [403, 429, 500])
    func refused(_ status: Int) async throws {
        try await withServer {
            $0 == "/talk.mp4" ? .json(status, "{}") : Self.answer($0)
        } _: { address in
            let ytDlp = folder.real()
            let error = await downloadFailure {
                try await ytDlp.audio(at: address + "/page", into: folder.files, maximumBytes: 5_000_000) { _ in }
            }
            let kinds: [Int: YtDlpError.Kind] = [403: .refused, 429: .rateLimited, 500: .serverError]
            #expect(error?.kind == kinds[status])
            #expect(folder.leftovers == [])
        }
    }

    /// A feed is what the general reader takes for a list.
    private static func feed(_ count: Int) -> LoopbackEndpoint.Answer {
        let items = (0..<count).map { number in
            "<item><title>Video \(number)</title><link>https://www.youtube.com/watch?v=\(id(number))</link></item>"
        }
        let text =
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>F</title>\(items.joined())</channel></rss>"
        return .respond(200, [("content-type", "application/rss+xml")], Array(text.utf8))
    }

    private static func id(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 10 - digits.count) + digits + "A"
    }

    @Test("a list of 5,000, of which 4,000 are asked for")
    func longList() async throws {
        try await withServer { _ in
            Self.feed(5000)
        } _: { address in
            let seen = Mutex<[YtDlpListEntry]>([])
            let count = try await folder.real().entries(at: address + "/feed", maximum: 4000) { entry in
                seen.withLock { $0.append(entry) }
            }
            let entries = seen.withLock(\.self)
            #expect(count == 4000)
            #expect(entries.map(\.id.rawValue) == (0..<4000).map(Self.id))
            #expect(entries.map(\.position) == Array(1...4000))
            #expect(entries.last?.title == "Video 3999")
        }
    }

    @Test("a list without entries")
    func emptyList() async throws {
        try await withServer { _ in
            Self.feed(0)
        } _: { address in
            let count = try await folder.real().entries(at: address + "/feed", maximum: 10) { _ in }
            #expect(count == 0)
        }
    }

    @Test("a list is left when the receiver has seen enough")
    func leftEarly() async throws {
        struct Enough: Error {}
        try await withServer { _ in
            Self.feed(500)
        } _: { address in
            await #expect(throws: Enough.self) {
                _ = try await folder.real().entries(at: address + "/feed", maximum: 500) { entry in
                    if entry.position == 3 { throw Enough() }
                }
            }
            #expect(folder.leftovers == [])
        }
    }
}
