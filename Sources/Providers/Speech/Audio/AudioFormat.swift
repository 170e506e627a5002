/// How sound is sent to a transcriber: always one channel of 16,000 samples a second, which is what speech models take.
public enum AudioFormat: String, Sendable, CaseIterable, Codable {
    /// Without loss, about half as large as `wav`.
    case flac
    /// Without loss, not compressed: for servers that read nothing else.
    case wav
    /// A fifth of the size, with a small loss.
    case mp3

    /// Samples a second.
    public static let sampleRate = 16_000

    /// How a file's name ends.
    public var fileExtension: String { rawValue }

    /// The most that a second takes.
    public var maximumBytesPerSecond: Int {
        switch self {
        // FLAC keeps what it can't compress as it is, with a few bytes a block.
        case .flac: 2 * Self.sampleRate * 101 / 100
        case .wav: 2 * Self.sampleRate
        case .mp3: Self.mp3BitsPerSecond / 8
        }
    }

    /// Headers, and the last block.
    public static let maximumOverhead = 64 << 10

    private static let mp3BitsPerSecond = 48_000

    /// ffmpeg's arguments for it.
    var encoding: [String] {
        switch self {
        case .flac: ["-c:a", "flac", "-f", "flac"]
        case .wav: ["-c:a", "pcm_s16le", "-f", "wav"]
        case .mp3: ["-c:a", "libmp3lame", "-b:a", "\(Self.mp3BitsPerSecond)", "-f", "mp3"]
        }
    }
}
