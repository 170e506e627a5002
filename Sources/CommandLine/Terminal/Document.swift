internal import Captions
internal import VidSift

extension Output {
    /// Writes one JSON document and a line end.
    static func document(_ body: (inout JSONWriter) -> Void) throws {
        var json = JSONWriter()
        body(&json)
        try line(json.text)
    }
}

extension Video {
    var duration: MediaTime { MediaTime(milliseconds: durationMilliseconds) }
}
