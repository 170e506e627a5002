/// Why a labelled set can't be run.
package enum EvaluationError: Error, Sendable, Hashable {
    case unreadable(path: String, reason: String)
    /// Lines that are not what the format says, by number from 1; the first is explained.
    case malformed(path: String, line: Int, reason: String, others: Int)
    case empty(path: String)
    case noSuchChannel(String)
    /// Not one question of the set is about anything that the library holds.
    case nothingInLibrary(unknown: String)
    case needsModel(mode: String, absence: String)
    case needsChatModel
    case notWritten(path: String, reason: String)
}

extension EvaluationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) can't be read: \(reason)."
        case .malformed(let path, let line, let reason, let others):
            "\(path), line \(line): \(reason)" + (others > 0 ? " (and \(others) more lines)." : ".")
        case .empty(let path): "\(path): there are no questions in it."
        case .noSuchChannel(let name): "There is no channel \(name.prefix(100).debugDescription)."
        case .nothingInLibrary(let unknown):
            "No question of the set is about a video of the library: \(unknown) is not there."
        case .needsModel(let mode, let absence): "--mode \(mode) needs an embedding model: \(absence)."
        case .needsChatModel:
            "--answers needs a language model: set OPENAI_API_KEY, or OPENAI_BASE_URL and CHAT_MODEL."
        case .notWritten(let path, let reason): "\(path) can't be written: \(reason)."
        }
    }
}
