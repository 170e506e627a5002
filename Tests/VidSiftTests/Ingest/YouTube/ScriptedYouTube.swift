import Foundation
import Providers
import Synchronization

@testable import VidSift

/// What YouTube says through yt-dlp, as a test has it.
final class ScriptedYouTube: YouTubeSource {
    /// One video of it.
    struct Item: Sendable {
        var title = "A talk"
        /// WebVTT; nil: there are none.
        var captions: String? = ScriptedYouTube.words
        /// Instead of a description.
        var failure: YtDlpError?
        /// Instead of captions.
        var captionsFailure: YtDlpError?
        var chapters: [YtDlpVideo.Chapter] = []
        var publishedAt: Date?
        /// Of noise; nil: there is no sound to be had.
        var secondsOfSound: Int?
    }

    static let words = """
        WEBVTT

        00:00:01.000 --> 00:00:04.000
        Bees tell each other where the flowers are.

        00:00:04.000 --> 00:00:09.000
        They dance for that, and the angle is the direction.
        """

    private struct State {
        var items: [String: Item] = [:]
        var calls: [String] = []
        var list: [YtDlpListEntry] = []
        var channel: YtDlpChannel?
    }

    private let state = Mutex(State())

    init(_ items: [String: Item] = [:]) {
        state.withLock { $0.items = items }
    }

    /// What was asked, in order: `information ID`, `captions ID`, `list`, `channel`.
    var calls: [String] { state.withLock(\.calls) }

    subscript(id: String) -> Item? {
        get { state.withLock { $0.items[id] } }
        set { state.withLock { $0.items[id] = newValue } }
    }

    func lists(_ entries: [YtDlpListEntry]) { state.withLock { $0.list = entries } }
    func leads(to channel: YtDlpChannel) { state.withLock { $0.channel = channel } }

    private func item(_ call: String, _ id: String) throws -> Item {
        try state.withLock { state in
            state.calls.append("\(call) \(id)")
            guard let item = state.items[id] else { throw YtDlpError(.removed) }
            return item
        }
    }

    func information(of video: YouTubeVideoID) async throws -> YtDlpVideo {
        let item = try item("information", video.rawValue)
        if let failure = item.failure { throw failure }
        return YtDlpVideo(
            id: video.rawValue, title: item.title, publishedAt: item.publishedAt, chapters: item.chapters)
    }

    func captions(
        of video: YtDlpVideo, languages: [String], allowsTranslations: Bool
    ) async throws -> Providers.CaptionFile {
        let item = try item("captions", video.id)
        if let failure = item.captionsFailure { throw failure }
        guard let captions = item.captions else { throw YtDlpError(.noCaptions, "This video has no captions.") }
        return Providers.CaptionFile(bytes: Array(captions.utf8), format: "vtt", language: languages.first ?? "en")
    }

    func audio(
        of video: YouTubeVideoID, into folder: String, maximumBytes: Int,
        progress: @escaping @Sendable (DownloadProgress) async throws -> Void
    ) async throws -> DownloadedAudio {
        let item = try item("audio", video.rawValue)
        guard let seconds = item.secondsOfSound else { throw YtDlpError(.copyProtected) }
        let (path, bytes) = (folder + "/audio.wav", SampleSound.noise(seconds: seconds))
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return DownloadedAudio(path: path, bytes: bytes.count)
    }

    func channel(_ link: YouTubeLink) async throws -> YtDlpChannel {
        try state.withLock { state in
            state.calls.append("channel")
            guard let channel = state.channel else { throw YtDlpError(.notFound) }
            return channel
        }
    }

    func list(
        _ list: YtDlpList, maximum: Int, receive: @escaping @Sendable (YtDlpListEntry) async throws -> Void
    ) async throws -> Int {
        let entries = state.withLock { state in
            state.calls.append("list")
            return state.list.prefix(maximum)
        }
        for entry in entries { try await receive(entry) }
        return entries.count
    }
}

/// Ids of videos that are well-formed: the last letter has bits that are zero.
enum SampleIDs {
    static let channel = "UCYO_jab_esuFRV4b17AJtAw"
    static func video(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "v", count: 10 - digits.count) + digits + "A"
    }
}

/// Sound for tests.
enum SampleSound {
    /// A WAV file of noise, the same in each second: 16 kHz, mono, 16 bits.
    static func noise(seconds: Int) -> [UInt8] {
        let samples = 16_000 * seconds
        var bytes = Array("RIFF".utf8) + word(36 + 2 * samples) + Array("WAVEfmt ".utf8) + word(16)
        bytes += [1, 0, 1, 0] + word(16_000) + word(32_000) + [2, 0, 16, 0] + Array("data".utf8) + word(2 * samples)
        bytes.reserveCapacity(bytes.count + 2 * samples)
        for _ in 0..<seconds { bytes += second }
        return bytes
    }

    private static let second: [UInt8] = {
        var state: UInt32 = 1
        return (0..<16_000).flatMap { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return [UInt8(truncatingIfNeeded: state >> 16), UInt8(truncatingIfNeeded: state >> 25) & 0x1F]
        }
    }()

    private static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}
