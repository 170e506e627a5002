import Foundation
import Testing

@testable import Providers

/// Shell scripts in the place of yt-dlp: what it must never do to us.
@Suite("A yt-dlp that misbehaves", .timeLimit(.minutes(2)))
struct YtDlpFaultTests {
    let folder: DownloaderFolder
    let video: YouTubeVideoID

    init() throws {
        folder = try DownloaderFolder()
        video = try #require(YouTubeVideoID(rawValue: "dQw4w9WgXcQ"))
    }

    @Test("missing: what to do is said", arguments: ["no-such-yt-dlp", "/no/such/yt-dlp"])
    func missing(_ program: String) async throws {
        let ytDlp = folder.ytDlp(program)
        let error = await downloadFailure { try await ytDlp.version() }

        #expect(error?.kind == .toolMissing)
        #expect(error?.reason.contains("YTDLP_PATH") == true)
        #expect(error?.reason.contains("pip install") == true)
        #expect(await downloadFailure { try await ytDlp.information(of: video) }?.kind == .toolMissing)
    }

    @Test("old: what was found and what is needed is said")
    func old() async throws {
        let error = await downloadFailure { try await folder.fake("echo 2024.01.18").version() }
        #expect(error?.kind == .toolOld)
        #expect(error?.reason.contains("2024.01.18") == true)
        #expect(error?.reason.contains("\(YtDlpVersion.minimum)") == true)
    }

    @Test("too old for our options")
    func unknownOption() async throws {
        let ytDlp = try folder.fake("echo 'yt-dlp: error: no such option: --no-plugin-dirs' >&2; exit 2")
        #expect(await downloadFailure { try await ytDlp.information(of: video) }?.kind == .toolOld)
    }

    @Test("another program", arguments: ["echo ffmpeg version 5", "exit 0", "kill -SEGV $$", "echo oh >&2; exit 3"])
    func anotherProgram(_ script: String) async throws {
        let ytDlp = try folder.fake(script)
        #expect(await downloadFailure { try await ytDlp.version() }?.kind == .toolCrashed)
        #expect(await downloadFailure { try await ytDlp.information(of: video) }?.kind == .toolCrashed)
        #expect(folder.leftovers == [])
    }

    @Test("hanging: killed with its children, and passing")
    func hangs() async throws {
        let line = try LifeLine()
        let ytDlp = try folder.fake(
            "exec 3>\(line.path); sleep 1000 & sleep 1000", longestTime: .seconds(2))
        let error = await downloadFailure { try await ytDlp.information(of: video) }

        #expect(error?.kind == .timeout)
        #expect(error?.outcome == .passing)
        #expect(line.isCut())
        #expect(folder.leftovers == [])
    }

    @Test("cancelled: killed, and nothing is left")
    func cancelled() async throws {
        let line = try LifeLine()
        let ytDlp = try folder.fake("exec 3>\(line.path); printf '{\"id\":\"dQw4w9WgXcQ\"}\\n'; sleep 1000")
        let list = YtDlpList.playlist(try #require(YouTubePlaylistID(rawValue: "PLBCF2DAC6FFB574DE")))
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let task = Task { try await ytDlp.list(list, maximum: 9) { _ in start.finish() } }
        for await _ in started {}
        task.cancel()

        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(line.isCut())
        #expect(folder.leftovers == [])
    }

    @Test("endless output is stopped", arguments: ["yes", "yes >&2 & yes", "cat /dev/zero"])
    func endless(_ script: String) async throws {
        let ytDlp = try folder.fake(script)
        #expect(await downloadFailure { try await ytDlp.version() }?.kind == .tooLarge)
        let error = await downloadFailure { try await ytDlp.information(of: video) }
        #expect(error?.kind == .tooLarge)
        #expect(error?.reason.contains("32 MB") == true)
        let list = YtDlpList.playlist(try #require(YouTubePlaylistID(rawValue: "PLBCF2DAC6FFB574DE")))
        #expect(await downloadFailure { try await ytDlp.list(list, maximum: 9) { _ in } }?.kind == .toolCrashed)
        #expect(folder.leftovers == [])
    }

    @Test("a description of 50 MB is refused")
    func hugeDescription() async throws {
        let ytDlp = try folder.fake(
            "printf '{\"id\":\"dQw4w9WgXcQ\",\"description\":\"'; head -c 50000000 /dev/zero | tr '\\0' x; echo '\"}'")
        let error = await downloadFailure { try await ytDlp.information(of: video) }
        #expect(error?.kind == .tooLarge)
        #expect(error?.outcome == .permanent)
    }

    @Test("the description of another video than the one that was asked for")
    func anotherVideo() async throws {
        let ytDlp = try folder.fake(#"echo '{"id":"jNQXAC9IVRw","formats":[{"url":"x"}]}'"#)
        #expect(await downloadFailure { try await ytDlp.information(of: video) }?.kind == .toolCrashed)
    }

    @Test("more entries than were asked for")
    func tooManyEntries() async throws {
        let ytDlp = try folder.fake(#"while :; do echo '{"id":"dQw4w9WgXcQ"}'; done"#)
        let list = YtDlpList.playlist(try #require(YouTubePlaylistID(rawValue: "PLBCF2DAC6FFB574DE")))
        #expect(await downloadFailure { try await ytDlp.list(list, maximum: 100) { _ in } }?.kind == .toolCrashed)
    }

    @Test(
        "sound that is not where it should be",
        arguments: [
            "exit 0", #"echo '{"filepath":"/etc/passwd"}'"#, #"echo '{"filepath":"audio.webm"}'"#,
            #": > audio.webm; echo '{"filepath":"audio.webm"}'"#,
            #"ln -s /etc/passwd audio.m4a; echo '{"filepath":"audio.m4a"}'"#,
        ])
    func noSound(_ script: String) async throws {
        let ytDlp = try folder.fake(script)
        let error = await downloadFailure { try await ytDlp.audio(of: video, into: folder.files, maximumBytes: 1000) }
        #expect(error?.kind == .toolCrashed || error?.kind == .noFormats)
        #expect(folder.leftovers == [])
    }
}

/// What a run of yt-dlp looks like from outside.
@Suite("A run of yt-dlp")
struct YtDlpRunTests {
    let folder: DownloaderFolder
    let video: YouTubeVideoID
    private static let proxy: Secret = "http://anna:it's%20heim@127.0.0.1:3128"

    init() throws {
        folder = try DownloaderFolder()
        video = try #require(YouTubeVideoID(rawValue: "-Qw4w9WgXcQ"))
    }

    private var record: String { folder.path + "/record" }

    /// Says what the program was given, and what is in the files it was given.
    private var recorder: String {
        """
        printf '%s\\n' "$@" > \(record)
        while [ $# -gt 1 ]; do
            case $1 in
            --config-locations) cp -p "$2" \(record).options ;;
            --cookies) cp -p "$2" \(record).cookies; echo changed > "$2" ;;
            esac
            shift
        done
        env > \(record).env
        echo '{"id":"-Qw4w9WgXcQ","title":"T","formats":[{"url":"x"}]}'
        """
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: record + name, encoding: .utf8)
    }

    @Test("the address comes last, behind what ends the options")
    func arguments() async throws {
        let information = try await folder.fake(recorder).information(of: video)
        #expect(information.title == "T")

        let arguments = try text("").split(separator: "\n").map(String.init)
        #expect(arguments.suffix(2) == ["--", "https://www.youtube.com/watch?v=-Qw4w9WgXcQ"])
        for option in ["--ignore-config", "--no-plugin-dirs", "--no-cache-dir", "--no-playlist", "--abort-on-error"] {
            #expect(arguments.contains(option))
        }
        #expect(arguments.firstIndex(of: "--").map { $0 == arguments.count - 2 } == true)
    }

    @Test("in production it has only its readers of YouTube's pages")
    func readers() async throws {
        let program = try folder.fake(recorder).settings.program
        let ytDlp = YtDlp(YtDlp.Settings(program: program, temporaryFolder: folder.runs))
        _ = try await ytDlp.information(of: video)
        #expect(try text("").contains("\n--use-extractors\nyoutube.*\n"))
    }

    @Test("an address that looks like an option is none")
    func looksLikeAnOption() async throws {
        _ = try await folder.fake(recorder).information(at: "--exec=touch /tmp/x")
        #expect(try text("").hasSuffix("\n--\n--exec=touch /tmp/x\n"))
    }

    @Test("the proxy's password is not among the arguments, and comes unchanged")
    func proxy() async throws {
        _ = try await folder.fake(recorder, proxy: Self.proxy).information(of: video)

        #expect(try !text("").contains("heim"))
        #expect(try text(".options") == "--proxy 'http://anna:it'\"'\"'s%20heim@127.0.0.1:3128'\n")
        let mode = try FileManager.default.attributesOfItem(atPath: record + ".options")[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a proxy can't bring options along")
    func proxyWithLines() {
        #expect(YtDlpFolder.quoted("http://x\n--exec 'id'") == "'http://x--exec'\"'\"'id'\"'\"''")
    }

    @Test("cookies are copied: the owner's file stays as it is")
    func cookies() async throws {
        let cookies = folder.path + "/my-cookies.txt"
        try "# Netscape HTTP Cookie File\n".write(toFile: cookies, atomically: true, encoding: .utf8)
        _ = try await folder.fake(recorder, cookies: cookies).information(of: video)

        #expect(try text(".cookies") == "# Netscape HTTP Cookie File\n")
        #expect(try String(contentsOfFile: cookies, encoding: .utf8) == "# Netscape HTTP Cookie File\n")
        #expect(try !text("").contains("my-cookies"))
        #expect(folder.leftovers == [])
    }

    @Test("cookies that are not there are the owner's matter")
    func missingCookies() async throws {
        let ytDlp = try folder.fake(recorder, cookies: folder.path + "/none.txt")
        let error = await downloadFailure { try await ytDlp.information(of: video) }
        #expect(error?.kind == .cookies)
        #expect(error?.outcome == .ownersTurn)
        #expect(error?.debugDescription.contains(folder.path) == false)
    }

    @Test("a folder that can't be made is the owner's matter, too")
    func noFolder() async throws {
        let ytDlp = YtDlp(YtDlp.Settings(program: "true", temporaryFolder: "/no/such/folder"))
        #expect(await downloadFailure { try await ytDlp.information(of: video) }?.kind == .storage)
    }

    @Test("it gets no variable that is not on the list, and unpacks into the run's folder")
    func environment() async throws {
        _ = try await folder.fake(recorder).information(of: video)
        let lines = try text(".env").split(separator: "\n")
        let names = Set(lines.compactMap { $0.split(separator: "=").first.map(String.init) })
        // The shell adds the last two.
        let allowed = ChildEnvironment.allowed.union(["PYTHONUTF8", "PYTHONIOENCODING", "PWD", "_", "SHLVL", "OLDPWD"])
        #expect(names.subtracting(allowed) == [])
        #expect(lines.contains { $0.hasPrefix("TMPDIR=\(folder.runs)/") })
    }

    @Test("a channel is known by its id")
    func channel() async throws {
        let json = #"""
            {"_type":"playlist","id":"@t","title":"T - Videos","channel":"T","channel_id":"UC_x5XG1OV2P6uZZ5FSM9Ttw",
             "uploader_id":"@t.est","description":"d","entries":[]}
            """#.split(separator: "\n").joined()
        let link = try YouTubeLink("@t.est")
        let channel = try await folder.fake("echo '\(json)'").channel(link)
        #expect(channel.id.rawValue == "UC_x5XG1OV2P6uZZ5FSM9Ttw")
        #expect(channel.title == "T")
        #expect(channel.handle?.rawValue == "@t.est")

        let nobody = try folder.fake("echo '{\"id\":\"x\",\"entries\":[]}'")
        #expect(await downloadFailure { try await nobody.channel(link) }?.kind == .notFound)
    }

    @Test("a video that can't be played says why; one with captions can still be worked on")
    func unplayable() async throws {
        let json = #"{"id":"-Qw4w9WgXcQ","formats":[]}"#
        let secret = try folder.fake(
            "echo 'WARNING: [youtube] x: Private video. Sign in if you have been granted access' >&2; echo '\(json)'")
        #expect(await downloadFailure { try await secret.information(of: video) }?.kind == .privateVideo)

        let blocked = try folder.fake(
            "echo 'WARNING: [youtube] x: Sign in to confirm you’re not a bot.' >&2; echo '\(json)'")
        #expect(await downloadFailure { try await blocked.information(of: video) }?.kind == .botCheck)

        let noEngine = try folder.fake(
            "echo 'WARNING: Only images are available for download. use --list-formats' >&2; echo '\(json)'")
        #expect(try await noEngine.information(of: video).hasMedia == false)

        let withheld = try folder.fake(
            "echo 'WARNING: [youtube] x: missing subtitles languages because a PO token was not provided.' >&2; "
                + #"echo '{"id":"-Qw4w9WgXcQ","formats":[{"url":"x"}]}'"#)
        #expect(try await withheld.information(of: video).captionsAreWithheld)
        let playable = try await withheld.information(of: video)
        #expect(
            await downloadFailure { try await withheld.captions(of: playable, languages: ["en"]) }?.kind
                == .captionsWithheld)
    }

    @Test("there is no sound of a broadcast that is running")
    func live() async throws {
        let ytDlp = try folder.fake("echo '[download] A talk does not pass filter (!is_live), skipping ..'")
        let error = await downloadFailure { try await ytDlp.audio(of: video, into: folder.files, maximumBytes: 1000) }
        #expect(error?.kind == .live)
        #expect(error?.outcome == .notYet)
    }

    @Test("a video that is yet to come has a description, and no captions")
    func upcoming() async throws {
        let json = #"{"id":"-Qw4w9WgXcQ","live_status":"is_upcoming","release_timestamp":1800000000}"#
        let ytDlp = try folder.fake("echo 'WARNING: [youtube] x: Premieres in 5 hours' >&2; echo '\(json)'")
        let information = try await ytDlp.information(of: video)
        #expect(information.liveStatus == .upcoming)

        let error = await downloadFailure { try await ytDlp.captions(of: information, languages: ["en"]) }
        #expect(error?.kind == .upcoming)
        #expect(error?.startsAt == Date(timeIntervalSince1970: 1_800_000_000))
    }
}
