import Foundation
import Testing

@Suite("vidsift add, list and remove")
struct AddTests {
    @Test("a file is added, recognised the next time, and replaced when it has changed")
    func addsAndReplaces() async throws {
        let vidsift = try Vidsift()
        try vidsift.writeCaptions(Vidsift.bread, to: "Why bread rises.vtt")

        let first = try await vidsift.run("add", "Why bread rises.vtt")
        let second = try await vidsift.run("add", "Why bread rises.vtt")
        try vidsift.writeCaptions(Vidsift.bread + ["Now you know."], to: "Why bread rises.vtt")
        let third = try await vidsift.run("add", "Why bread rises.vtt", "--json")

        #expect(first.status == 0 && first.output == "added      Why bread rises (0:25)\n", "\(first)")
        #expect(second.status == 0 && second.output == "unchanged  Why bread rises (0:25)\n", "\(second)")
        let files = try third.list("files")
        #expect(files.count == 1 && files[0]["outcome"] as? String == "replaced")
        let videos = try await vidsift.run("list", "--json").list("videos")
        #expect(videos.count == 1)
        #expect(videos[0]["state"] as? String == "ready")
        #expect(videos[0]["duration"] as? Double == 30)
        #expect(videos[0]["sourceId"] as? String == "Why bread rises")
    }

    @Test("a folder's manifest names its channel and titles; --channel goes before it")
    func manifest() async throws {
        let vidsift = try Vidsift()
        try vidsift.writeCaptions(Vidsift.tides, to: "talks/tides.en.vtt")
        try vidsift.write(
            #"{"channel":"Harbour talks","videos":[{"video_id":"tides","title":"How tides are predicted","language":"en","file":"tides.en.vtt"},{"video_id":"gone","file":"gone.vtt"}]}"#,
            to: "talks/channel.json")

        let added = try await vidsift.run("add", "talks")
        try await vidsift.run("add", "talks", "--channel", "mine")

        #expect(added.status == 0)
        #expect(added.output.contains("skipped") && added.output.contains("gone.vtt"))
        let channels = try await vidsift.run("list", "channels", "--json").list("channels")
        #expect(channels.compactMap { $0["title"] as? String } == ["Harbour talks", "mine"])
        let videos = try await vidsift.run("list", "--channel", "mine", "--json").list("videos")
        #expect(videos.compactMap { $0["title"] as? String } == ["How tides are predicted"])
    }

    @Test("bad files are told one by one in a line each, and the good ones are added all the same")
    func badFiles() async throws {
        let vidsift = try Vidsift()
        try vidsift.write("", to: "empty.vtt")
        try vidsift.write(Data((0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 131 ^ ($0 >> 3)) }), to: "noise.vtt")
        try vidsift.writeCaptions(["[Music]"], to: "music.vtt")
        try vidsift.write("not captions", to: "picture.png")
        try vidsift.write("", to: "bare/notes.pdf")
        try vidsift.writeCaptions(Vidsift.tides, to: "good.vtt")

        let result = try await vidsift.run(
            "add", "empty.vtt", "noise.vtt", "music.vtt", "picture.png", "bare", "nowhere.vtt", "good.vtt")

        #expect(result.status == 1)
        #expect(result.output == "added      good (0:15)\n")
        let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(errors.count == 6, "\(result.errors)")
        for name in ["empty.vtt", "noise.vtt", "music.vtt", "picture.png", "bare", "nowhere.vtt"] {
            #expect(errors.contains { $0.contains(name) }, "\(name) is missing in: \(result.errors)")
        }
    }

    @Test("a file that vanishes after it was listed is told, and the others are added", .timeLimit(.minutes(1)))
    func vanishes() async throws {
        let vidsift = try Vidsift()
        for name in ["b.vtt", "c.vtt"] { try vidsift.writeCaptions(Vidsift.tides, to: name) }
        try vidsift.writeCaptions(Vidsift.bread, to: "d.vtt")
        let pipe = vidsift.folder.appending(path: "a.vtt").path
        try #require(mkfifo(pipe, 0o600) == 0)

        let running = try vidsift.start("add", "a.vtt", "b.vtt", "c.vtt", "d.vtt")
        // The pipe opens once the program reads from it: all files are listed by then.
        let writer = try await Self.openForWriting(pipe)
        try FileManager.default.removeItem(at: vidsift.folder.appending(path: "b.vtt"))
        try writer.write(contentsOf: Data(Vidsift.captions(["A talk that came through a pipe."]).utf8))
        try writer.close()
        let result = try await running.end()

        #expect(result.status == 1)
        #expect(result.lines.map { $0.split(separator: " ")[1] } == ["a", "c", "d"], "\(result)")
        #expect(result.errors.contains("error: b.vtt: the file can't be read"), "\(result.errors)")
    }

    /// Opens a named pipe on a thread of its own, which waits for the reader.
    private static func openForWriting(_ path: String) async throws -> FileHandle {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try FileHandle(forWritingTo: URL(fileURLWithPath: path)) })
            }
        }
    }

    @Test("a channel without a name is refused in words")
    func namelessChannel() async throws {
        let vidsift = try Vidsift()
        try vidsift.writeCaptions(Vidsift.tides, to: "a.vtt")
        let result = try await vidsift.run("add", "a.vtt", "--channel", " ")
        #expect(result.status == 1 && result.errors.contains("error: The channel's name is empty."), "\(result)")
    }

    @Test("a title names a single file only")
    func titles() async throws {
        let vidsift = try Vidsift()
        try vidsift.writeCaptions(Vidsift.tides, to: "a.vtt")
        try vidsift.writeCaptions(Vidsift.bread, to: "b.vtt")

        let one = try await vidsift.run("add", "a.vtt", "--title", "Ebb and flow", "--language", "en")
        let two = try await vidsift.run("add", "a.vtt", "b.vtt", "--title", "Both")

        #expect(one.status == 0 && one.output.contains("Ebb and flow"))
        #expect(two.status == 1 && two.errors.contains("error: --title names one video"))
    }

    @Test("what is removed is gone; what is not there is said")
    func removes() async throws {
        let vidsift = try Vidsift()
        try vidsift.writeCaptions(Vidsift.tides, to: "a.vtt")
        try vidsift.writeCaptions(Vidsift.bread, to: "b.vtt")
        try await vidsift.run("add", "a.vtt", "b.vtt", "--channel", "talks")

        let one = try await vidsift.run("remove", "a", "--yes")
        let again = try await vidsift.run("remove", "a", "--yes")
        let left = try await vidsift.run("list", "--json").list("videos")
        let channel = try await vidsift.run("remove", "--channel", "talks", "--yes", "--json")

        #expect(one.status == 0 && one.output.contains("removed \"a\""))
        #expect(again.status == 1 && again.errors == "error: There is no video \"a\".\n")
        #expect(left.compactMap { $0["sourceId"] as? String } == ["b"])
        #expect(channel.status == 0)
        #expect(try await vidsift.run("list", "--json").list("videos").isEmpty)
        #expect(try await vidsift.run("list", "channels", "--json").list("channels").isEmpty)
    }

    @Test("killed in the middle, the next add finishes: all videos there, none twice")
    func killed() async throws {
        let vidsift = try Vidsift()
        for number in 0..<400 {
            let sentences = (0..<40).map { "Sentence \($0) of talk \(number) is about harbour \(number * $0)." }
            try vidsift.writeCaptions(sentences, to: "talks/talk-\(number).vtt")
        }

        // The last one is a pipe in which nothing comes: however late the signal, the program has not ended.
        let pipe = vidsift.folder.appending(path: "talks/zzz.vtt")
        try #require(mkfifo(pipe.path, 0o600) == 0)

        let killed = try vidsift.start("add", "talks", "--channel", "talks")
        let hasBegun = await killed.prints("added")
        killed.signal(SIGKILL)
        let end = try await killed.end()
        try FileManager.default.removeItem(at: pipe)
        let again = try await vidsift.run("add", "talks", "--channel", "talks")

        #expect(hasBegun && end.status == SIGKILL)
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.lines.count == 400)
        let videos = try await vidsift.run("list", "--json").list("videos")
        #expect(videos.count == 400)
        #expect(Set(videos.compactMap { $0["sourceId"] as? String }).count == 400)
        #expect(videos.allSatisfy { $0["state"] as? String == "ready" && $0["stage"] is NSNull })
        let doctor = try await vidsift.run("doctor", "--json")
        #expect(try doctor.json["healthy"] as? Bool == true)
    }
}
