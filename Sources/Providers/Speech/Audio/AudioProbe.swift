internal import Foundation

/// What a file says it is, before any of it has been decoded.
public struct AudioProbe: Sendable, Equatable {
    /// ffmpeg's name of the kind of file.
    public var format: String
    /// How long the file says it is. Some kinds don't say, or only guess.
    public var declaredDuration: AudioTime?
    /// How many streams of sound there are.
    public var audioStreams: Int

    /// Reads ffprobe's JSON.
    ///
    /// - Throws: ``AudioError``
    init(json: [UInt8]) throws {
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(json)), let format = body.format else {
            throw AudioError.damaged("ffprobe said nothing that can be read")
        }
        self.format = format.format_name ?? ""
        declaredDuration = format.duration.flatMap(Double.init).flatMap { $0 > 0 ? AudioTime(seconds: $0) : nil }
        audioStreams = (body.streams ?? []).count { $0.codec_type == "audio" }
        guard audioStreams > 0 else { throw AudioError.noAudio }
    }

    private struct Body: Decodable {
        var format: Format?
        var streams: [Stream]?
    }

    // As ffprobe writes them.
    private struct Format: Decodable {
        var format_name: String?
        var duration: String?
    }

    private struct Stream: Decodable {
        var codec_type: String?
    }
}
