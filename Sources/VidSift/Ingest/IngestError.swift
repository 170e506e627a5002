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
            .sbv, .lrc, .md or .txt.
            """
        case .badManifest(let folder, let reason): "\(folder)/channel.json can't be used: \(reason)."
        case .nothingToAdd(let path): "\(path): there are no captions here."
        case .tooManyFiles(let path, let maximum):
            "\(path): there are more than \(maximum) caption files here; add its folders one by one."
        case .noChannelName: "The channel's name is empty."
        }
    }
}
