import Providers
import Synchronization
import TestDatabases

@testable import VidSift

/// A YouTube that knows videos only, counts who asks at the same time, and may take until it is told to answer.
final class HeldYouTube: YouTubeSource {
    private struct State {
        var asking = 0
        var most = 0
        var answered = 0
    }

    private let state = Mutex(State())
    private let answer: @Sendable () async throws -> Void
    /// Somebody asks.
    let isAsked = TestDatabases.Gate()

    /// - Parameter answer: returns when an answer is to be given.
    init(answer: @escaping @Sendable () async throws -> Void) {
        self.answer = answer
    }

    /// The most who asked at the same time.
    var most: Int { state.withLock(\.most) }
    var answered: Int { state.withLock(\.answered) }

    func information(of video: YouTubeVideoID) async throws -> YtDlpVideo {
        state.withLock { state in
            state.asking += 1
            state.most = max(state.most, state.asking)
        }
        defer { state.withLock { $0.asking -= 1 } }
        isAsked.open()
        try await answer()
        state.withLock { $0.answered += 1 }
        return YtDlpVideo(id: video.rawValue, title: "A talk")
    }

    func captions(
        of video: YtDlpVideo, languages: [String], allowsTranslations: Bool
    ) async throws -> Providers.CaptionFile { throw YtDlpError(.noCaptions) }

    func audio(
        of video: YouTubeVideoID, into folder: String, maximumBytes: Int,
        progress: @escaping @Sendable (DownloadProgress) async throws -> Void
    ) async throws -> DownloadedAudio { throw YtDlpError(.noFormats) }

    func channel(_ link: YouTubeLink) async throws -> YtDlpChannel { throw YtDlpError(.notFound) }

    func list(
        _ list: YtDlpList, maximum: Int, receive: @escaping @Sendable (YtDlpListEntry) async throws -> Void
    ) async throws -> Int { 0 }
}

/// A clock whose sleepers wake at once, when something was done.
struct SteeredClock: Clock {
    let instead: @Sendable () async throws -> Void
    var now: ContinuousClock.Instant { .now }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        try await instead()
    }
}
