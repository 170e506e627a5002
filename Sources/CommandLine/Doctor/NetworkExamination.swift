internal import Foundation
internal import Providers
internal import VidSift

/// Really asks YouTube, once each way, and says in plain words what works. What it asks is not counted: whoever calls it
/// wants to know even while the program keeps away from YouTube.
struct NetworkExamination {
    /// The first video of YouTube: it will stay.
    private static let video = YouTubeVideoID(rawValue: "jNQXAC9IVRw")
    /// Google for Developers: with a feed, and a handle.
    private static let channel = YouTubeChannelID(rawValue: "UC_x5XG1OV2P6uZZ5FSM9Ttw")

    let settings: YouTubeSettings

    func findings() async -> [Finding] {
        [await dataAPI(), await feed(), await downloader()]
    }

    private func dataAPI() async -> Finding {
        let subject = "Data API"
        guard let api = settings.dataAPI(gate: UnlimitedQuota()), let id = Self.channel else {
            return .fine(subject, "no key: yt-dlp reads channels' lists (YOUTUBE_API_KEY)")
        }
        let finding: Finding
        do {
            let channel = try await api.channel(.id(id))
            finding =
                channel.map { .fine(subject, "the key works; it knows the channel \($0.title). That cost one unit") }
                ?? .warning(subject, "it answers, but does not know the channel \(id)")
        } catch {
            finding = .warning(
                subject, Failure.explanation(of: error), remedy: "look at YOUTUBE_API_KEY and YOUTUBE_API_BASE_URL")
        }
        await api.close()
        return finding
    }

    private func feed() async -> Finding {
        let subject = "channels' feeds"
        guard let id = Self.channel else { return .warning(subject, "not asked") }
        let feed = settings.feed()
        let finding: Finding
        do {
            switch try await feed.entries(of: .channel(id)) {
            case .unchanged: finding = .fine(subject, "YouTube gives them")
            case .fetched(let document, _):
                finding = .fine(subject, "YouTube gives them: \(document.entries.count) videos of \(id)")
            }
        } catch {
            finding = .warning(
                subject, Failure.explanation(of: error), remedy: "new videos are not noticed until this works")
        }
        await feed.close()
        return finding
    }

    private func downloader() async -> Finding {
        let subject = "videos"
        guard let id = Self.video else { return .warning(subject, "not asked") }
        do {
            let video = try await settings.ytDlp().information(of: id)
            guard !video.captionsAreWithheld else {
                return .warning(
                    subject, "yt-dlp gets descriptions, but YouTube withholds the captions", remedy: Self.remedy)
            }
            let languages = Set(video.captions.filter { !$0.isTranslation }.map(\.language)).count
            return .fine(
                subject, "yt-dlp gets descriptions: \(video.title) has captions in \(languages) languages")
        } catch {
            return .warning(subject, Failure.explanation(of: error), remedy: Self.remedy)
        }
    }

    private static let remedy = "docs/youtube.md says what helps: another address, YOUTUBE_PROXY or YOUTUBE_COOKIES"
}
