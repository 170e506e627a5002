internal import ArgumentParser
internal import Foundation
internal import VidSift

/// `vidsift channel`
struct ChannelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel", abstract: "Look at channels and lists of YouTube, and have them looked through again.",
        discussion: "`vidsift add LINK` adds one.",
        subcommands: [ChannelList.self, ChannelStatus.self, ChannelRefresh.self])
}

/// `vidsift channel list`
struct ChannelList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the channels and lists of YouTube: YouTube id, state, searchable/listed videos, title.")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let channels = try await options.withLibrary { library in
            var states: [ListedChannelState] = []
            for channel in try await LibraryListing.channels(on: library.database) {
                if let state = try await ListedChannelState(channel, on: library.database) { states.append(state) }
            }
            return states
        }
        guard options.json else {
            for one in channels {
                let counts = "\(one.report.indexed)/\(one.report.listed)"
                let title = Clean.line(one.channel.title)
                try Output.line("\(one.listing.youtubeID)\t\(one.listing.state.rawValue)\t\(counts)\t\(title)")
            }
            return
        }
        try Output.document { json in
            json.object { json in
                json.key("channels")
                json.array(channels) { $1.write(to: &$0) }
            }
        }
    }
}

/// `vidsift channel status`
struct ChannelStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say what became of a channel's videos, and why.")

    @Argument(help: "The channel or list: its name, @handle, id or link.")
    var channel: String

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let state = try await options.withLibrary { library in
            try await ListedChannelState.named(channel, on: library.database)
        }
        guard options.json else {
            for line in Self.lines(state) { try Output.line(line) }
            return
        }
        try Output.document { state.write(to: &$0) }
    }

    private static func lines(_ state: ListedChannelState) -> [String] {
        let (listing, words) = (state.listing, ReportWords(report: state.report))
        let names = [listing.handle.map { Clean.line($0) }, listing.youtubeID].compactMap(\.self)
        var lines = [
            "\(Clean.line(state.channel.title)) (\(names.joined(separator: ", ")))",
            "\(Self.standing(listing)): \(words.summary)",
        ]
        if let error = listing.error { lines.append(Clean.line(error)) }
        lines += words.reasons.map { "  \($0)" }
        if let date = listing.listedAt { lines.append("list read on \(date.clockTime)") }
        if let date = listing.checkedAt { lines.append("looked for new videos on \(date.clockTime)") }
        return lines
    }

    private static func standing(_ listing: ChannelListing) -> String {
        switch listing.state {
        case .listing: "its list is being read"
        case .indexing: "its videos are being fetched and indexed"
        case .ready: "ready"
        case .failed: "failed"
        }
    }
}

/// `vidsift channel refresh`
struct ChannelRefresh: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh", abstract: "Read a channel's list again and add what is new.",
        discussion: "A server does that by itself every six hours. Videos that could not be had are not tried again.")

    @Argument(help: "The channel or list: its name, @handle, id or link.")
    var channel: String

    @Option(help: "The most videos, the newest of a channel.")
    var limit: Int?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard limit.map({ $0 > 0 }) ?? true else { throw ValidationError("--limit takes a number from 1 on.") }
    }

    func run() async throws {
        let report = try await interruptible { try await refresh() }
        try report.end()
        if report.hasFailures { throw ExitCode.failure }
    }

    private func refresh() async throws -> AddingReport {
        let progress = ProgressLine()
        defer { progress.clear() }
        return try await options.withLibrary(needsVectors: true) { library in
            let known = try await ListedChannelState.named(channel, on: library.database)
            let link = AddedThings.Link(text: known.channel.title, youtubeID: known.listing.youtubeID)
            var report = AddingReport(asJSON: options.json)
            try await LinkAdding(library: library, limit: limit, progress: progress).run([link]) { outcome in
                progress.clear()
                try report.add(outcome)
            }
            return report
        }
    }
}
