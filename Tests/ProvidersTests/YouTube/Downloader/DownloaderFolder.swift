import Foundation
import Testing

@testable import Providers

/// A folder for the runs of one test; what a run leaves there is a fault.
final class DownloaderFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("vidsift-runs-\(UUID().uuidString)").path
        for name in [runs, files, programs] {
            try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Where runs make their own folders.
    var runs: String { path + "/runs" }
    /// Where downloads go.
    var files: String { path + "/files" }
    private var programs: String { path + "/programs" }

    /// What the runs have left.
    var leftovers: [String] { names(runs) + names(files) }

    func names(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// The yt-dlp that `scripts/lib/yt-dlp.sh` installs.
    func real(proxy: Secret? = nil, longestTime: Duration? = nil) -> YtDlp {
        ytDlp(RealYtDlp.program, proxy: proxy, longestTime: longestTime)
    }

    /// A shell script in its place.
    func fake(_ script: String, proxy: Secret? = nil, cookies: String? = nil, longestTime: Duration? = nil) throws
        -> YtDlp
    {
        let program = "\(programs)/\(UUID().uuidString)"
        try ("#!/bin/sh\n" + script + "\n").write(toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        return ytDlp(program, proxy: proxy, cookies: cookies, longestTime: longestTime)
    }

    func ytDlp(_ program: String, proxy: Secret? = nil, cookies: String? = nil, longestTime: Duration? = nil) -> YtDlp {
        YtDlp(
            YtDlp.Settings(program: program, proxy: proxy, cookies: cookies, temporaryFolder: runs),
            captionHosts: .loopback, longestTime: longestTime)
    }
}

enum RealYtDlp {
    static let program = TestFiles.root.appendingPathComponent(".tools/yt-dlp/yt-dlp").path

    static let isInstalled: Bool = {
        let isThere = FileManager.default.fileExists(atPath: program)
        if !isThere { print("skipped: yt-dlp is not installed (scripts/lib/yt-dlp.sh installs it)") }
        return isThere
    }()
}

/// The kind of the error that `body` throws; nil when it throws none, or another.
func downloadFailure(_ body: () async throws -> some Any) async -> YtDlpError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? YtDlpError
    }
}
