/// The caption formats that can be read.
public enum CaptionFormat: String, Sendable, Hashable, CaseIterable {
    /// WebVTT, also YouTube's rolling automatic captions with inline word times.
    case webVTT = "vtt"
    /// SubRip.
    case subRip = "srt"
    /// YouTube's JSON timed text (`events`, `segs`); also the JSON that this module writes.
    case json3
    /// YouTube's XML: `<transcript><text start dur>` in seconds.
    case srv1
    /// YouTube's XML: `<timedtext><text t d>` in milliseconds.
    case srv2
    /// YouTube's XML: `<timedtext format="3"><body><p t d><s t>`.
    case srv3
    /// W3C Timed Text.
    case ttml
    /// YouTube's SubViewer: `0:00:00.599,0:00:04.160`.
    case sbv
    /// Song lyrics: `[00:12.34]words`, word times as `<00:12.50>`.
    case lrc
    /// Plain text or Markdown with `[mm:ss]` marks.
    case text

    /// The format that a file's name promises: the last known suffix (`a.en.srt`, `b.srv3.xml`), or nil.
    public init?(fileName: String) {
        let parts = fileName.split(separator: ".").dropFirst().suffix(2).reversed()
        for part in parts {
            guard let format = CaptionFormat.suffixes[part.lowercased()] else { continue }
            self = format
            return
        }
        return nil
    }

    private static let suffixes: [String: CaptionFormat] = [
        "vtt": .webVTT, "webvtt": .webVTT, "srt": .subRip, "json3": .json3, "json": .json3, "srv1": .srv1,
        "srv2": .srv2,
        "srv3": .srv3, "ttml": .ttml, "dfxp": .ttml, "sbv": .sbv, "lrc": .lrc, "txt": .text, "text": .text, "md": .text,
        "markdown": .text,
    ]
}
