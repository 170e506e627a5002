internal import Database
internal import Foundation
internal import Providers
internal import VidSift

/// Takes links to YouTube in and waits until their videos are searchable, or can't be had.
struct LinkAdding: Sendable {
    let library: Components
    /// The most videos of a channel; nil: as many as the settings say.
    var limit: Int?
    let progress: ProgressLine

    /// Whoever has the command line is the library's owner.
    private static let requester = "owner"

    /// - Parameter onOutcome: called as soon as a link is done.
    func run(_ links: [AddedThings.Link], onOutcome: (Adding.Outcome) throws -> Void) async throws {
        let here = try WorkingHere(library, on: [ListChannelJob.kind] + ChannelWork.videoKinds)
        try await here.during {
            for link in links { try onOutcome(try await outcome(of: link)) }
        }
    }

    private func outcome(of link: AddedThings.Link) async throws -> Adding.Outcome {
        do {
            return try await add(try link.target.get(), link.text)
        } catch {
            guard let reason = Self.reason(of: error) else { throw error }
            return .failed(path: link.text, reason: "\(link.text): \(reason)")
        }
    }

    private func add(_ link: YouTubeLink, _ text: String) async throws -> Adding.Outcome {
        progress.begin(text)
        guard case .video(let id, _, _) = link else {
            let accepted = try await library.youtube.accept(link, limit: limit, requester: Self.requester)
            return try await ChannelWait(accepted, text, in: library, progress).outcome()
        }
        let accepted = try await library.youtube.accept(id, requester: Self.requester)
        if accepted.isReady, let video = try await Video.get(accepted.video, on: library.database) {
            return .unchanged(video)
        }
        return try await VideoWait(video: accepted.video, text: text, library: library, progress: progress).outcome()
    }

    /// Why a link can't be taken in; nil for a failure that is not about the link.
    private static func reason(of error: any Error) -> String? {
        switch error {
        case let error as YouTubeNotNow:
            "\(error.reason) Again from \(Date.now.addingTimeInterval(error.after / .seconds(1)).clockTime) on."
        case let error as YouTubeLinkError: error.description
        case let error as YouTubeRefusal: error.description
        case let error as YouTubeAPIError: error.description
        case let error as YtDlpError: error.description
        case let error as ProviderError: error.description
        default: nil
        }
    }
}

extension Date {
    /// The day and time of this place, to the minute.
    var clockTime: String { formatted(Date.FormatStyle(date: .numeric, time: .shortened)) }
}
