import Foundation
import Testing

@testable import Providers

/// What runs leave in the folder for temporary files when this program is killed.
@Suite("What runs of yt-dlp have left behind", .timeLimit(.minutes(1)))
struct YtDlpFolderTests {
    let folder: DownloaderFolder
    let video: YouTubeVideoID

    init() throws {
        folder = try DownloaderFolder()
        video = try #require(YouTubeVideoID(rawValue: "dQw4w9WgXcQ"))
    }

    private func make(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: "\(folder.runs)/\(name)/inner", withIntermediateDirectories: true)
    }

    @Test("is removed, with all that is in it; what is another's stays")
    func swept() throws {
        let ytDlp = folder.ytDlp("yt-dlp")
        for name in ["vidsift-ytdlp-AAAAAA", "vidsift-ytdlp-BBBBBB", "vidsift-runs-1", "other"] { try make(name) }
        let link = "\(folder.runs)/vidsift-ytdlp-CCCCCC"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.files)

        #expect(ytDlp.removeLeftovers() == 2)
        #expect(folder.names(folder.runs).sorted() == ["other", "vidsift-runs-1", "vidsift-ytdlp-CCCCCC"])
        #expect(FileManager.default.fileExists(atPath: folder.files))
        #expect(ytDlp.removeLeftovers() == 0)
    }

    @Test("is told from what a run uses that is under way")
    func underWay() async throws {
        try make("vidsift-ytdlp-AAAAAA")
        let list = YtDlpList.playlist(try #require(YouTubePlaylistID(rawValue: "PLBCF2DAC6FFB574DE")))
        let running = try folder.fake("echo '{\"id\":\"dQw4w9WgXcQ\"}'; echo '{\"id\":\"dQw4w9WgXcQ\"}'")
        let runs = folder.runs
        let count = try await running.list(list, maximum: 9) { entry in
            #expect(running.removeLeftovers() == [1, 0][entry.position - 1])
            let names = try FileManager.default.contentsOfDirectory(atPath: runs)
            #expect(names.count == 1)
        }
        #expect(count == 2)
        #expect(folder.leftovers == [])
    }

    @Test("of another process is told by its lock, which ends with the process")
    func otherProcess() async throws {
        try make("vidsift-ytdlp-AAAAAA")
        let ytDlp = folder.ytDlp("yt-dlp")
        let limits = ChildProcess.Limits(time: .seconds(50), outputBytes: 1000)
        let script = "exec 9<\(folder.runs)/vidsift-ytdlp-AAAAAA; flock -n 9 && echo locked && sleep 1000"
        await #expect(throws: CancellationError.self) {
            _ = try await ChildProcess(program: "sh").run(["-c", script], limits: limits) { _ in
                #expect(ytDlp.removeLeftovers() == 0)
                throw CancellationError()
            }
        }
        #expect(ytDlp.removeLeftovers() == 1)
        #expect(folder.leftovers == [])
    }

    @Test("can't be where there is no folder")
    func noFolder() {
        #expect(YtDlp(YtDlp.Settings(temporaryFolder: "/no/such/folder")).removeLeftovers() == 0)
    }

    @Test("is nothing in the end, however many sweep while others run")
    func racing() async throws {
        let ytDlp = try folder.fake(#"echo '{"id":"dQw4w9WgXcQ","formats":[{"url":"x"}]}'"#)
        let video = video
        let ended = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask { (try? await ytDlp.information(of: video)) != nil }
                group.addTask {
                    for _ in 0..<50 { ytDlp.removeLeftovers() }
                    return true
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(ended.allSatisfy { $0 })
        #expect(folder.leftovers == [])
    }
}
