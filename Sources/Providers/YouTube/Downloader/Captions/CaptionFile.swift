internal import Foundation

/// Captions as YouTube sent them: checked to be whole, and not yet read.
public struct CaptionFile: Sendable, Equatable {
    /// The file's contents.
    public var bytes: [UInt8]
    /// What they are: `json3`, `srv3`, `vtt`, `ttml`, `srt`, `srv2` or `srv1`.
    public var format: String
    /// The language's code, as YouTube writes it.
    public var language: String
    /// Whether a machine has written down what it heard.
    public var isAutomatic: Bool
    /// Whether a machine has translated it.
    public var isTranslation: Bool

    /// Creates a file.
    public init(
        bytes: [UInt8], format: String, language: String, isAutomatic: Bool = false, isTranslation: Bool = false
    ) {
        self.bytes = bytes
        self.format = format
        self.language = language
        self.isAutomatic = isAutomatic
        self.isTranslation = isTranslation
    }
}

/// The download of one caption track: what yt-dlp is told, and what it leaves.
struct CaptionDownload {
    let track: CaptionTrack
    let link: CaptionLink
    private let format: CaptionLink.Format

    /// A track's own name could be a path.
    private static let key = "track"

    /// Nil where the track has no format that can be read.
    init?(_ track: CaptionTrack) {
        guard let link = track.best, let format = link.format else { return nil }
        self.track = track
        self.link = link
        self.format = format
    }

    /// A description of the video that has this one track, and no address of the video itself: with one, yt-dlp would
    /// ask YouTube for everything again when the download fails.
    func description(of video: YtDlpVideo) throws -> [UInt8] {
        let body = Body(id: video.id, title: video.id, subtitles: [Self.key: [link]])
        return [UInt8](try JSONEncoder().encode(body))
    }

    /// - Throws: ``YtDlpError``: `captionsEmpty`, `captionsDamaged`, `consent`, `rateLimited`, `tooLarge`.
    func file(in folder: YtDlpFolder) throws -> CaptionFile {
        let path = "\(folder.path)/captions.\(Self.key).\(format.rawValue)"
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        guard let size else { throw YtDlpError(.captionsEmpty, detail: "no file") }
        guard size <= YtDlpLimits.captionBytes, let contents = FileManager.default.contents(atPath: path) else {
            throw YtDlpError(.tooLarge)
        }
        let bytes = [UInt8](contents)
        try CaptionCheck(bytes, format).run()
        return CaptionFile(
            bytes: bytes, format: format.rawValue, language: track.language, isAutomatic: track.isAutomatic,
            isTranslation: track.isTranslation)
    }

    private struct Body: Encodable {
        var _type = "video"
        var id: String
        var title: String
        var extractor = "youtube"
        var extractor_key = "Youtube"
        var subtitles: [String: [CaptionLink]]
    }
}
