internal import Foundation
internal import Providers
internal import VidSift

/// Looks at yt-dlp on this machine: its version, and what it needs to get anything from YouTube. It contacts nobody.
struct DownloaderExamination {
    private static let subject = "yt-dlp"

    let settings: YouTubeSettings

    func findings() async -> [Finding] {
        do {
            let equipment = try await settings.ytDlp().equipment()
            let engines = equipment.engines.map { $0.isEmpty ? "none" : $0.joined(separator: ", ") } ?? "unknown"
            let complaints = equipment.complaints(on: .now)
            let found = "\(equipment.version); JavaScript: \(engines)"
            guard !complaints.isEmpty else { return [.fine(Self.subject, found)] }
            return [.warning(Self.subject, "\(found). \(complaints[0])")]
                + complaints.dropFirst().map { .warning(Self.subject, $0) }
        } catch let error as YtDlpError {
            return [.warning(Self.subject, error.reason, remedy: Self.remedy(for: error))]
        } catch {
            return [.warning(Self.subject, Failure.explanation(of: error))]
        }
    }

    private static func remedy(for error: YtDlpError) -> String? {
        switch error.kind {
        case .toolMissing, .toolCrashed: "python3 -m pip install \"yt-dlp[default]\", or set YTDLP_PATH"
        default: nil
        }
    }
}
