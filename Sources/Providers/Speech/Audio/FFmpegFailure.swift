/// What a failure of ffmpeg or ffprobe means, by what it said.
enum FFmpegFailure {
    /// Of a run that reads a file; `errors` is the end of what was said.
    static func reading(_ errors: String) -> AudioError {
        if errors.contains("No such file or directory") { return .noFile }
        if errors.contains("not on whitelist") { return .unsupported(detail(errors)) }
        if errors.contains("matches no streams") { return .noAudio }
        if isOfTheMachine(errors) { return .failed(detail(errors)) }
        return .damaged(detail(errors))
    }

    /// Of a run that writes one, too.
    static func writing(_ errors: String) -> AudioError {
        isOfTheMachine(errors) ? .failed(detail(errors)) : reading(errors)
    }

    /// Of a run that did not come to an end of its own.
    static func running(_ error: ProcessError) -> AudioError {
        switch error {
        case .notFound(let program): .programMissing(program)
        case .notStarted: .failed(error.debugDescription)
        case .tookTooLong(let limit): .tookTooLong(limit)
        case .tooMuchOutput: .damaged(error.description)
        }
    }

    private static func isOfTheMachine(_ errors: String) -> Bool {
        [
            "No space left on device", "Permission denied", "Disk quota exceeded", "Read-only file system",
            "Input/output error", "Too many open files", "Unknown encoder",
        ].contains { errors.contains($0) }
    }

    /// The last words, without the address of the part of ffmpeg that said them.
    private static func detail(_ errors: String) -> String {
        String(errors.split(whereSeparator: \.isNewline).suffix(3).joined(separator: " / ").suffix(maximumDetail))
    }

    private static let maximumDetail = 400
}
