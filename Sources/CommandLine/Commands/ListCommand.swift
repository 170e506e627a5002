internal import ArgumentParser
internal import VidSift

/// `vidsift list`
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the videos or the channels of the library.")

    /// What can be listed.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case videos, channels
    }

    @Argument(help: "videos or channels.")
    var kind = Kind.videos

    @Option(help: "Only the videos of this channel: its name or id.")
    var channel: String?

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await options.withLibrary { library in
            let database = library.database
            switch kind {
            case .channels:
                let channels = try await LibraryListing.channels(on: database)
                try write(channels, under: "channels", line: LibraryListing.line) { $1.write(to: &$0) }
            case .videos:
                let scope = try await Question.Subject(channel: channel).scope(on: database)
                let videos = try await LibraryListing.videos(in: scope.onlyChannel, on: database)
                try write(videos, under: "videos", line: LibraryListing.line) { $1.write(to: &$0) }
            }
        }
    }

    private func write<Item>(
        _ items: [Item], under name: StaticString, line: (Item) -> String, json: (inout JSONWriter, Item) -> Void
    ) throws {
        guard options.json else {
            for item in items { try Output.line(line(item)) }
            return
        }
        try Output.document { document in
            document.object {
                $0.key(name)
                $0.array(items, json)
            }
        }
    }
}
