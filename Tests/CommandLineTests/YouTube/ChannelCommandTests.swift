import Foundation
import Testing

@Suite("vidsift channel", .timeLimit(.minutes(3)))
struct ChannelCommandTests {
    private let vidsift: Vidsift
    private let youtube: FakeDownloader

    init() throws {
        vidsift = try Vidsift()
        youtube = try FakeDownloader(in: vidsift)
        try youtube.list([FakeDownloader.video, "jNQXAC9IVRw"])
        try youtube.add(FakeDownloader.video, title: "Why bread rises")
        try youtube.fail("jNQXAC9IVRw", "Join this channel to get access to members-only content like this video")
    }

    @discardableResult
    private func run(_ arguments: String...) async throws -> Vidsift.Result {
        try await vidsift.start(arguments, environment: youtube.environment).end()
    }

    @Test("what became of a channel's videos is told, and a refresh adds what is new")
    func channel() async throws {
        try await run("add", "@bread")
        try vidsift.writeCaptions(Vidsift.tides, to: "tides.vtt")
        try await run("add", "tides.vtt", "--channel", "own")

        let list = try await run("channel", "list")
        let status = try await run("channel", "status", "https://youtube.com/@bread")
        let document = try await run("channel", "status", FakeDownloader.channel, "--json").json

        #expect(list.output == "\(FakeDownloader.channel)\tready\t1/2\tBread\n", "\(list)")
        #expect(status.status == 0 && status.lines.first == "Bread (@bread, \(FakeDownloader.channel))", "\(status)")
        #expect(status.output.contains("ready: 1 of 2 videos are searchable, 1 not to be had"), "\(status)")
        #expect(status.output.contains("1 × ") && status.output.contains("member"), "\(status)")
        #expect(status.output.contains("list read on"), "\(status)")
        #expect((document["listing"] as? [String: Any])?["state"] as? String == "ready")
        #expect((document["report"] as? [String: Any])?["unavailable"] as? Int == 1)

        try youtube.add("9bZkp7q19f0", title: "More bread")
        try youtube.list(["9bZkp7q19f0", FakeDownloader.video, "jNQXAC9IVRw"])
        let refresh = try await run("channel", "refresh", "@bread")
        #expect(refresh.status == 0, "\(refresh)")
        #expect(refresh.output.hasPrefix("channel    Bread: 2 of 3 videos are searchable"), "\(refresh)")
    }

    @Test("what is no channel of YouTube is refused in words")
    func refusals() async throws {
        try vidsift.writeCaptions(Vidsift.tides, to: "tides.vtt")
        try await run("add", "tides.vtt", "--channel", "own")

        let unknown = try await run("channel", "status", "@wasps")
        let own = try await run("channel", "refresh", "own")

        #expect(unknown.status == 1 && unknown.errors.hasPrefix("error: There is no channel"), "\(unknown)")
        #expect(own.status == 1 && own.errors.hasSuffix("error: The channel \"own\" is not from YouTube.\n"), "\(own)")
    }
}
