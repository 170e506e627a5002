package import Database
package import Providers

/// A question, whose it is, and what it is about.
package struct Question: Sendable {
    /// The longest question, in UTF-8 bytes.
    package static let maximumBytes = 32 << 10
    /// The most videos that one question may name.
    package static let maximumVideos = 100

    package var text: String
    /// Whose sessions and messages these are.
    package var owner: String
    /// What the client named; empty: everything, or what the session is about.
    package var subject: Subject
    /// The conversation it belongs to; nil begins one.
    package var session: SessionID?
    /// What was said before, as the client tells it; nothing where the session's own messages are the history.
    package var history: [ChatTurn]
    package var mode: Mode
    /// Whether sentences that nothing supports are left out.
    package var isStrict: Bool

    /// How it is answered.
    package enum Mode: String, Sendable, CaseIterable {
        /// By the language model, where one is configured.
        case auto
        /// With the speakers' own sentences.
        case quotes
    }

    package init(
        text: String, owner: String, subject: Subject = Subject(), session: SessionID? = nil,
        history: [ChatTurn] = [], mode: Mode = .auto, isStrict: Bool = false
    ) {
        self.text = text
        self.owner = owner
        self.subject = subject
        self.session = session
        self.history = history
        self.mode = mode
        self.isStrict = isStrict
    }

    /// Videos or a channel, by any id a person may know.
    package struct Subject: Sendable, Hashable {
        package var videos: [String] = []
        package var channel: String?

        package init(videos: [String] = [], channel: String? = nil) {
            self.videos = videos
            self.channel = channel
        }

        package var isEverything: Bool { videos.isEmpty && channel == nil }

        /// The scope it names.
        ///
        /// - Throws: `AskError` where there is no such video or channel.
        package func scope(on db: some SQLRunner) async throws -> Scope {
            if !videos.isEmpty {
                guard videos.count <= Question.maximumVideos else {
                    throw AskError.tooManyVideos(videos.count, maximum: Question.maximumVideos)
                }
                var ids: [VideoID] = []
                for reference in videos {
                    guard let video = try await Video.find(reference, on: db) else {
                        throw AskError.noSuchVideo(reference)
                    }
                    if !ids.contains(video.id) { ids.append(video.id) }
                }
                return .videos(ids)
            }
            guard let channel else { return .everything }
            guard let found = try await Channel.find(channel, on: db) else { throw AskError.noSuchChannel(channel) }
            return .channel(found.id)
        }
    }
}
