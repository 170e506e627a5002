/// Why the sound of a file can't be had.
public enum AudioError: Error, Sendable, Equatable {
    /// ffmpeg or ffprobe is not installed.
    case programMissing(String)
    /// There is no such file.
    case noFile
    /// The file has pictures or text, and no sound.
    case noAudio
    /// The file is not what its kind should be; what ffmpeg says of it.
    case damaged(String)
    /// A kind of file that is not read; what ffmpeg says of it.
    case unsupported(String)
    /// Longer than this.
    case tooLong(AudioTime)
    /// Made small, its sound has still more bytes than this.
    case tooLarge(Int)
    /// ffmpeg did not end within this time.
    case tookTooLong(Duration)
    /// ffmpeg failed for a reason that has nothing to do with the file, such as a full disk; what it says.
    case failed(String)

    /// Whether the same may succeed later, without anybody doing anything about it.
    public var isRetryable: Bool {
        switch self {
        case .tookTooLong, .failed: true
        case .programMissing, .noFile, .noAudio, .damaged, .unsupported, .tooLong, .tooLarge: false
        }
    }
}

extension AudioError: CustomStringConvertible, CustomDebugStringConvertible {
    /// Safe to show.
    public var description: String {
        switch self {
        case .programMissing(let program): "The program \(program) is needed to read sound, and is not installed."
        case .noFile: "The sound file is not there."
        case .noAudio: "The file has no sound."
        case .damaged: "The file is damaged: no sound can be read from it."
        case .unsupported: "This kind of file can't be read."
        case .tooLong(let limit): "The file is longer than \(limit.milliseconds / 3_600_000) hours."
        case .tooLarge(let limit): "The sound of the file is larger than \(limit >> 20) MB."
        case .tookTooLong(let limit): "Reading the file took longer than \(limit)."
        case .failed: "The sound could not be prepared."
        }
    }

    /// Complete, for the log.
    public var debugDescription: String {
        switch self {
        case .damaged(let detail), .unsupported(let detail), .failed(let detail): "\(description) \(detail)"
        case .programMissing, .noFile, .noAudio, .tooLong, .tooLarge, .tookTooLong: description
        }
    }
}
