import Captions
import Foundation

/// The recorded captions beside the project; not part of it, so tests that use them say when they are missing.
enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/fixtures")

    static var arePresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: path)))
    }

    static func transcript(_ path: String, rolling: RollingCaptions = .collapse) throws -> Transcript {
        try Transcript(captions: bytes(path), fileName: (path as NSString).lastPathComponent, rolling: rolling)
    }

    /// The files below a folder, as paths that `bytes` takes.
    static func files(in path: String) -> [String] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder.appending(path: path).path)) ?? []
        return names.sorted().map { "\(path)/\($0)" }
    }
}

/// A transcript of a text.
func read(
    _ text: String, _ format: CaptionFormat? = nil, fileName: String? = nil, rolling: RollingCaptions = .collapse
) throws -> Transcript {
    try Transcript(captions: Array(text.utf8), format: format, fileName: fileName, rolling: rolling)
}

/// The cues as `start-end text`.
func lines(_ transcript: Transcript) -> [String] {
    transcript.cues.map { "\($0.start.milliseconds)-\($0.end.milliseconds) \($0.text)" }
}
