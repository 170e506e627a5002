/// Why a question can't be asked; nothing was stored.
package enum AskError: Error, Sendable, Hashable {
    case emptyQuestion
    case questionTooLong(bytes: Int, maximum: Int)
    case noSuchVideo(String)
    /// A name that fits several videos, where one must be meant; with the ids of some of them.
    case ambiguousVideo(String, ids: [String])
    case noSuchChannel(String)
    case noSuchSession
    case tooManyVideos(Int, maximum: Int)
}

extension AskError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .emptyQuestion: "The question is empty."
        case .questionTooLong(let bytes, let maximum):
            "The question has \(bytes) bytes; at most \(maximum) are read."
        case .noSuchVideo(let id): "There is no video \(id.prefix(100).debugDescription)."
        case .ambiguousVideo(let name, let ids):
            "Several videos are named \(name.prefix(100).debugDescription): say which by its id (\(ids.joined(separator: ", ")))."
        case .noSuchChannel(let id): "There is no channel \(id.prefix(100).debugDescription)."
        case .noSuchSession: "There is no such session."
        case .tooManyVideos(let count, let maximum): "\(count) videos were named; at most \(maximum) at a time."
        }
    }
}
