import Foundation
import Testing

@Suite("vidsift add and links to YouTube", .timeLimit(.minutes(3)))
struct AddLinkTests {
    private let vidsift: Vidsift
    private let youtube: FakeDownloader

    init() throws {
        vidsift = try Vidsift()
        youtube = try FakeDownloader(in: vidsift)
    }

    private func run(_ arguments: String...) async throws -> Vidsift.Result {
        try await vidsift.start(arguments, environment: youtube.environment).end()
    }

    @Test("a video is fetched, indexed and found; the next time it is there")
    func video() async throws {
        try youtube.add(FakeDownloader.video, title: "Why bread rises")

        let first = try await run("add", "https://youtu.be/\(FakeDownloader.video)?t=4")
        let second = try await run("add", FakeDownloader.video, "--json")
        let answer = try await run("ask", "Why does rye bread stay low?")

        #expect(first.status == 0 && first.output == "added      Why bread rises (0:25)\n", "\(first)")
        let entry = try #require(try second.list("files").first)
        #expect(second.status == 0 && entry["outcome"] as? String == "unchanged")
        #expect((entry["video"] as? [String: Any])?["youtubeId"] as? String == FakeDownloader.video)
        #expect(answer.output.contains("https://www.youtube.com/watch?v=\(FakeDownloader.video)"), "\(answer)")
    }

    @Test("a video that is gone is told with its reason, and those beside it are added")
    func gone() async throws {
        try youtube.add(FakeDownloader.video, title: "Why bread rises")
        try youtube.fail("jNQXAC9IVRw", "Private video. Sign in if you've been granted access to this video")
        try vidsift.writeCaptions(Vidsift.tides, to: "tides.vtt")

        let result = try await run(
            "add", "jNQXAC9IVRw", "https://vimeo.com/76979871", "tides.vtt",
            "youtube.com/watch?v=\(FakeDownloader.video)")

        #expect(result.status == 1)
        #expect(result.output == "added      tides (0:15)\nadded      Why bread rises (0:25)\n", "\(result)")
        let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(errors.count == 2, "\(result.errors)")
        #expect(errors.contains { $0.contains("jNQXAC9IVRw") && $0.contains("private") }, "\(result.errors)")
        #expect(errors.contains { $0.contains("is not YouTube") }, "\(result.errors)")
    }

    @Test("who retries the job of a video that can't be had is told why, and how the video is asked for again")
    func retried() async throws {
        try youtube.fail("jNQXAC9IVRw", "Private video. Sign in if you've been granted access to this video")
        _ = try await run("add", "jNQXAC9IVRw")
        let done = try await run("jobs", "list", "--state", "completed", "--json").list("jobs")
        let job = try #require(done.first?["id"] as? String)

        let result = try await run("jobs", "retry", job)

        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("error: The job \(job) was done: "), "\(result.errors)")
        #expect(result.errors.contains("private"), "\(result.errors)")
        #expect(result.errors.contains("`vidsift add https://youtu.be/jNQXAC9IVRw` has the video asked for again."))
    }

    @Test("a premiere is had later, which is no failure")
    func later() async throws {
        let start = Date.now.timeIntervalSince1970 + 86_400
        try youtube.add(
            FakeDownloader.video, title: "A premiere", ["live_status": "is_upcoming", "release_timestamp": start],
            hasCaptions: false)

        let result = try await run("add", FakeDownloader.video)

        #expect(result.status == 0 && result.output.hasPrefix("later      "), "\(result)")
        let jobs = try await run("jobs", "list", "--json").list("jobs")
        #expect(jobs.compactMap { $0["kind"] as? String } == ["await_video"])
    }

    @Test("a channel is gone through to the end, and what could not be had is counted by reason")
    func channel() async throws {
        try youtube.list([FakeDownloader.video, "jNQXAC9IVRw", "9bZkp7q19f0"])
        try youtube.add(FakeDownloader.video, title: "Why bread rises")
        try youtube.add("jNQXAC9IVRw", title: "Without words", hasCaptions: false)
        try youtube.add("9bZkp7q19f0", title: "More bread")

        let result = try await run("add", "@bread")
        let again = try await run("add", "https://www.youtube.com/@bread/videos", "--json")

        #expect(result.status == 0, "\(result)")
        #expect(result.lines.count == 2, "\(result)")
        #expect(result.lines.first == "channel    Bread: 2 of 3 videos are searchable, 1 without captions")
        #expect(result.lines.last?.contains("1 × This video has no captions.") == true, "\(result)")
        let entry = try #require(try again.list("files").first)
        #expect(entry["outcome"] as? String == "channel")
        #expect((entry["report"] as? [String: Any])?["indexed"] as? Int == 2)
        #expect((entry["channel"] as? [String: Any])?["youtubeId"] as? String == FakeDownloader.channel)
    }

    @Test("while YouTube refuses it waits and says so; ended, what it was to do is kept")
    func refused() async throws {
        try youtube.fail(FakeDownloader.video, "Sign in to confirm you’re not a bot. Use --cookies")
        let line = """
            \(youtube.assignments) "$VIDSIFT" add \(FakeDownloader.video) 2>errors & job=$!
            for look in $(seq 600); do grep -q "waiting until" errors && break; sleep 0.1; done
            kill -TERM $job; wait $job; echo "ended with $?"; cat errors
            """

        let result = try await vidsift.shell(line)
        let doctor = try await run("doctor", "--json").list("findings")
        let jobs = try await run("jobs", "list", "--json").list("jobs")

        #expect(result.output.contains("ended with 143"), "\(result)")
        #expect(result.output.contains("note: waiting until") && result.output.contains("Ctrl-C"), "\(result)")
        let finding = try #require(doctor.first { $0["subject"] as? String == "YouTube" })
        #expect(finding["state"] as? String == "warning" && finding["remedy"] is String)
        #expect((finding["detail"] as? String)?.contains("is not asked until") == true, "\(finding)")
        #expect(jobs.compactMap { $0["kind"] as? String } == ["fetch_video"])
        #expect(jobs.first?["state"] as? String == "scheduled")
    }

    @Test("what is there as a file is a file, whatever it is called; options of files go with files only")
    func files() async throws {
        try vidsift.writeCaptions(Vidsift.tides, to: "\(FakeDownloader.video)/tides.vtt")

        let folder = try await run("add", FakeDownloader.video)
        let options = try await run("add", "@bread", "--channel", "mine")

        #expect(folder.status == 0 && folder.output == "added      tides (0:15)\n", "\(folder)")
        #expect(options.status == 1 && options.errors.contains("are for files"), "\(options)")
    }
}
