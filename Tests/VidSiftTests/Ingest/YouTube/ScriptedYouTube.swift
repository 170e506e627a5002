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
        return YtDlpVideo(id: video.rawValue, title: item.title, chapters: item.chapters)
    }

    func captions(
        of video: YtDlpVideo, languages: [String], allowsTranslations: Bool
    ) async throws -> Providers.CaptionFile {
        let item = try item("captions", video.id)
        if let failure = item.captionsFailure { throw failure }
        guard let captions = item.captions else { throw YtDlpError(.noCaptions, "This video has no captions.") }
        return Providers.CaptionFile(bytes: Array(captions.utf8), format: "vtt", language: languages.first ?? "en")
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
