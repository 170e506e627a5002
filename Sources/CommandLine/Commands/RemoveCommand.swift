internal import ArgumentParser
internal import Database
internal import VidSift

/// `vidsift remove`
struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a video, or a channel with its videos, and all that was made of it.",
        discussion: "On a terminal it asks first; --yes answers for you.")

    @Argument(help: "The video: its id, YouTube id or file name.")
    var video: String?

    @Option(help: "The channel: its name or id.")
    var channel: String?

    @Flag(name: .shortAndLong, help: "Don't ask.")
    var yes = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (video == nil) != (channel == nil) else { throw ValidationError("Name a video, or a --channel.") }
    }

    func run() async throws {
        let removed = try await options.withLibrary { library in
            let target = try await target(on: library.database)
            guard yes || !Terminal.current.canAsk || Terminal.current.confirms("Remove \(target.name)?") else {
                throw NotRemoved()
            }
            let isGone = try await library.database.transaction { try await target.delete(on: $0) }
            guard isGone else { throw target.missing }
            return target
        }
        if options.json {
            try Output.document { json in json.object { $0.field("removed", removed.id) } }
        } else {
            try Output.line("removed \(Clean.line(removed.name))")
        }
    }

    private func target(on database: Database) async throws -> Target {
        if let video {
            return .video(try await Video.only(video, on: database))
        }
        let name = channel ?? ""
        guard let found = try await Channel.find(name, on: database) else { throw AskError.noSuchChannel(name) }
        return .channel(found)
    }

    /// What is removed.
    private enum Target: Sendable {
        case video(Video)
        case channel(Channel)

        var id: String {
            switch self {
            case .video(let video): video.id.description
            case .channel(let channel): channel.id.description
            }
        }

        var name: String {
            switch self {
            case .video(let video): "\"\(video.title)\""
            case .channel(let channel): "the channel \"\(channel.title)\" with \(channel.videos) videos"
            }
        }

        var missing: AskError {
            switch self {
            case .video(let video): .noSuchVideo(video.id.description)
            case .channel(let channel): .noSuchChannel(channel.id.description)
            }
        }

        func delete(on transaction: Transaction) async throws -> Bool {
            switch self {
            case .video(let video): try await Video.delete(video.id, on: transaction)
            case .channel(let channel): try await Channel.delete(channel.id, on: transaction)
            }
        }
    }
}

/// The person said no.
struct NotRemoved: Error, CustomStringConvertible {
    var description: String { "nothing was removed" }
}
