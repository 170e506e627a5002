internal import Captions

/// Why a source was not accepted.
package enum IngestError: Error, Sendable, Hashable {
    case unreadable(name: String, reason: String)
    case tooLarge(name: String, bytes: Int, maximum: Int)
    case empty(name: String)
    case captions(name: String, reason: String)
    /// The captions hold marks such as [Music], and nothing spoken.
    case noSpeech(name: String)
    case unsupported(name: String)
    case badManifest(folder: String, reason: String)
    case nothingToAdd(path: String)
    case tooManyFiles(path: String, maximum: Int)
    /// The channel's name holds nothing that can be read.
    case noChannelName
    /// A recording, and none can be taken in as things are.
    case noRecordings(name: String, RecordingRefusal)
    /// There is no sound to be had of the file.
    case sound(name: String, reason: String)
    /// The same file may do another time.
    case soundFailed(name: String, reason: String)
    /// Nobody speaks in the recording.
    case silentRecording(name: String)
    /// As many recordings as one process may are being read.
    case tooManyRecordings(name: String)
}

extension IngestError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let name, let reason): "\(name): the file can't be read: \(reason)."
        case .tooLarge(let name, let bytes, let maximum):
            "\(name): \(bytes >> 20) MB of captions are too much; at most \(maximum >> 20) MB are read."
        case .empty(let name): "\(name): the file is empty."
        case .captions(let name, let reason): "\(name): no captions can be made of it: \(reason)."
        case .noSpeech(let name): "\(name): there is no speech in these captions."
        case .unsupported(let name):
            """
            \(name): this kind of file is not known. Captions are .vtt, .srt, .json3, .srv1, .srv2, .srv3, .ttml, \
            .sbv, .lrc, .md or .txt; recordings are .mp3, .m4a, .wav, .mp4, .mkv and other kinds with sound.
            """
        case .badManifest(let folder, let reason): "\(folder)/channel.json can't be used: \(reason)."
        case .nothingToAdd(let path):
            "\(path): there are no captions here, and no recordings that could be listened to."
        case .tooManyFiles(let path, let maximum):
            "\(path): there are more than \(maximum) captions and recordings here; add its folders one by one."
        case .noChannelName: "The channel's name is empty."
        case .noRecordings(let name, let refusal): "\(name): \(refusal)"
        case .sound(let name, let reason), .soundFailed(let name, let reason): "\(name): \(reason)"
        case .silentRecording(let name): "\(name): nobody speaks in this recording."
        case .tooManyRecordings(let name):
            "\(name): \(RecordingIntake.maximumAtATime) recordings are being read already; try again in a minute."
        }
    }
}
