internal import Database

/// Finds what labels name in the library.
struct LibraryLabels: Sendable {
    /// A question, and where in the library it is asked.
    struct Located: Sendable {
        var question: LabelledQuestion
        var scope: Scope
    }

    private(set) var located: [Located] = []
    /// What the labels name and the library hasn't, with the number of questions that are left out for it.
    private(set) var unknown: [String: Int] = [:]
    /// The name that the labels have for a video.
    private(set) var names: [VideoID: String] = [:]

    private var channels: [String: Channel?] = [:]
    private var videos: [String: [String: Video]] = [:]

    /// - Parameters:
    ///   - channel: asked instead of the channel that the labels name.
    ///   - scope: instead of what the labels say.
    init(
        _ questions: [LabelledQuestion], channel: String?, scope: LabelledQuestion.Scope?, on database: Database
    ) async throws {
        for question in questions {
            do {
                let located = try await locate(question, channel: channel, scope: scope, on: database)
                self.located.append(Located(question: question, scope: located))
            } catch let missing as Missing {
                unknown[missing.what, default: 0] += 1
            }
        }
    }

    private struct Missing: Error {
        let what: String
    }

    private mutating func locate(
        _ question: LabelledQuestion, channel: String?, scope: LabelledQuestion.Scope?, on database: Database
    ) async throws -> Scope {
        let name = channel ?? question.channel
        let found = try await self.channel(name, on: database)
        let inside = try await self.videos(of: found, on: database)
        var named: Scope?
        for label in question.videos {
            guard let video = inside[label] else { throw Missing(what: "video \(label)") }
            names[video.id] = label
            if label == question.video { named = .videos([video.id]) }
        }
        if (scope ?? question.scope) == .video, let named { return named }
        return found.map { .channel($0.id) } ?? .everything
    }

    private mutating func channel(_ name: String?, on database: Database) async throws -> Channel? {
        guard let name else { return nil }
        if channels[name] == nil { channels[name] = .some(try await Channel.find(name, on: database)) }
        guard let channel = channels[name] ?? nil else { throw Missing(what: "channel \(name)") }
        return channel
    }

    /// The videos of a channel, or all, by every name they have.
    private mutating func videos(of channel: Channel?, on database: Database) async throws -> [String: Video] {
        let key = channel?.id.description ?? ""
        if let known = videos[key] { return known }
        var found: [String: Video] = [:]
        var cursor: VideoID?
        while true {
            let page = try await Video.list(in: channel?.id, after: cursor, limit: Self.pageSize, on: database)
            for video in page {
                for name in [video.youtubeID, video.sourceID].compactMap(\.self) { found[name] = video }
                names[video.id] = video.sourceID
            }
            guard let last = page.last, page.count == Self.pageSize else { break }
            cursor = last.id
        }
        videos[key] = found
        return found
    }

    /// Videos that are read at a time.
    private static let pageSize = 500
}
