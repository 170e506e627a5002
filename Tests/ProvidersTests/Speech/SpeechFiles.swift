import Foundation

@testable import Providers

/// Sound for the tests.
enum SpeechFiles {
    /// Recorded clips, beside the package.
    static let clips = TestFiles.root.appendingPathComponent("../shared/fixtures/audio").standardizedFileURL

    static let hasClips: Bool = {
        let isThere = FileManager.default.fileExists(atPath: clips.path)
        if !isThere { print("skipped: no ../shared/fixtures/audio beside the package") }
        return isThere
    }()

    static let hasFFmpeg: Bool = {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        let isThere = ["ffmpeg", "ffprobe"].allSatisfy { program in
            folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
        }
        if !isThere { print("skipped: ffmpeg is not installed (scripts/setup --for-tests installs it)") }
        return isThere
    }()

    static func clip(_ name: String) -> String { clips.appendingPathComponent(name).path }

    /// Calls `body` with a folder of its own, which is gone afterwards.
    static func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("speech-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder.path)
    }

    /// Runs ffmpeg; what it says is the error where it fails.
    static func ffmpeg(_ arguments: [String]) async throws {
        let result = try await ChildProcess(program: "ffmpeg").run(
            ["-hide_banner", "-nostdin", "-v", "error", "-y"] + arguments,
            limits: ChildProcess.Limits(time: .seconds(300), outputBytes: 1 << 20))
        guard result.exitCode == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: result.errors])
        }
    }

    /// Tones of half a second at each multiple of ten seconds, and silence between them.
    static func tones(seconds: Int, amplitude: Double = 0.5) -> [String] {
        ["-f", "lavfi", "-i", "aevalsrc='if(lt(mod(t,10),0.5),\(amplitude)*sin(2*PI*440*t),0)':s=16000:d=\(seconds)"]
    }

    /// The megabytes of memory that this process holds.
    static func residentMegabytes() throws -> Double {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return Double(fields[1]).map { $0 * 4096 / 1_048_576 } ?? .nan
    }
}

extension AudioTime {
    static func ms(_ milliseconds: Int) -> AudioTime { AudioTime(milliseconds: milliseconds) }
    static func s(_ seconds: Double) -> AudioTime { AudioTime(seconds: seconds) }
}

extension AudioSpan {
    /// From and to, in seconds.
    static func s(_ start: Double, _ end: Double) -> AudioSpan { AudioSpan(start: .s(start), end: .s(end)) }
}
