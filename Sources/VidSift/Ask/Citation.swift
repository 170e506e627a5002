package import Captions
internal import NIOCore

/// Where something was said: the answer's proof.
package struct Citation: Sendable, Hashable {
    /// How exact the start is.
    package enum Precision: String, Sendable { case word, cue, passage }
    /// What comparing the sentence with the cited words showed.
    package enum Status: String, Sendable { case verified, close, unsupported }

    /// The number of the passage among the sources.
    package var number: Int
    package var video: VideoReference
    package var start: MediaTime
    package var end: MediaTime
    /// The words as spoken.
    package var text: String
    package var precision: Precision
    package var status: Status
}

/// What a client is told about the video of a passage.
package struct VideoReference: Sendable, Hashable {
    package var id: VideoID
    package var youtubeID: String?
    package var title: String
    /// The address under which the program itself shows the transcript.
    package var pageBase: String

    /// The address of a moment: on YouTube, or the program's own page where the video isn't from there.
    package func url(at start: MediaTime) -> String {
        let second = max(0, start.wholeSeconds - VideoReference.lead)
        guard let youtubeID else { return "\(pageBase)/videos/\(id)?t=\(second)" }
        return "https://www.youtube.com/watch?v=\(youtubeID)&t=\(second)s"
    }

    /// Seconds that a link begins before the cited word, so that its first syllable isn't cut.
    static let lead = 1
}

extension MediaTime {
    /// The second that has begun.
    package var wholeSeconds: Int { milliseconds / 1000 }
}

extension Citation {
    /// Writes the fields of the contract's citation object into an object that is open.
    ///
    /// - Parameter withNulls: whether a field of which nothing is known is null, or left out.
    package func writeFields(to json: inout JSONWriter, withNulls: Bool = true) {
        json.field("n", number)
        json.field("videoId", video.id.description)
        if withNulls || video.youtubeID != nil { json.field("youtubeId", video.youtubeID) }
        json.field("videoTitle", video.title)
        json.field("start", start.seconds)
        json.field("end", end.seconds)
        json.field("startTime", start.wholeSeconds)
        json.field("endTime", end.wholeSeconds)
        json.field("timestamp", start.timestamp)
        json.field("seconds", start.wholeSeconds)
        json.field("text", text)
        json.field("url", video.url(at: start))
        json.field("precision", precision.rawValue)
        json.field("status", status.rawValue)
    }

    /// Citations as a JSON array.
    package static func json(_ citations: [Citation]) -> String {
        var writer = JSONWriter()
        citations.write(to: &writer)
        return String(buffer: writer.buffer)
    }
}

extension [Citation] {
    package func write(to json: inout JSONWriter) {
        json.array(self) { json, citation in json.object { citation.writeFields(to: &$0) } }
    }
}
