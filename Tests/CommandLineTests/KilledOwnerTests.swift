import Foundation
import Testing

@Suite("A program that vidsift runs, when vidsift is killed", .timeLimit(.minutes(2)))
struct KilledOwnerTests {
    @Test(
        "ends with all that it has started, even what won't listen",
        arguments: ["sleep 1000 & echo works; wait", "trap '' TERM HUP; (sleep 1000; sleep 1000) & echo works; wait"])
    func killed(work: String) async throws {
        let vidsift = try Vidsift()
        let line = vidsift.folder.appending(path: "line").path
        try #require(mkfifo(line, 0o600) == 0)
        let program = try vidsift.write("#!/bin/sh\nexec >'\(line)' 2>&1\n\(work)\n", to: "yt-dlp")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)

        // It ends when nobody holds the line any more that it reads.
        let reader = try Running(URL(fileURLWithPath: "/bin/cat"), [line], [:], in: vidsift.folder)
        let owner = try vidsift.start("doctor", environment: ["YTDLP_PATH": program])
        #expect(await reader.prints("works"))
        owner.signal(SIGKILL)

        #expect(try await owner.end().status == SIGKILL)
        #expect(try await reader.end().status == 0)
    }
}
