/// How long the parts of a recording may be, and where they are cut.
public struct ChunkLimits: Sendable, Hashable, Codable {
    /// The longest part.
    public var maximum: AudioTime
    /// How long before the longest part's end a silence is looked for.
    public var window: AudioTime
    /// Where there is no silence, what is before the cut is also in the next part, for so long.
    public var overlap: AudioTime
    /// No part is shorter, unless the recording is. (OpenAI refuses files of less than 0.1 s.)
    public var minimum: AudioTime

    /// Ten minutes: little is lost when a request fails, and 25 MB are enough for it in every format.
    public static let usualMaximum = Duration.seconds(600)

    /// - Parameters:
    ///   - maximumFileBytes: What the transcriber takes; the parts are made shorter where ``usualMaximum`` would be more.
    ///   - format: In which they are sent.
    public init(
        maximumFileBytes: Int, format: AudioFormat, maximum: Duration = usualMaximum, window: Duration = .seconds(60),
        overlap: Duration = .seconds(5), minimum: Duration = .seconds(1)
    ) {
        let bytes = max(0, maximumFileBytes - AudioFormat.maximumOverhead)
        // Rounded down: a millisecond more would be too large.
        let fitting = AudioTime(milliseconds: Int(Double(bytes) / Double(format.maximumBytesPerSecond) * 1000))
        self.init(
            maximum: min(AudioTime(maximum), fitting), window: AudioTime(window), overlap: AudioTime(overlap),
            minimum: AudioTime(minimum))
    }

    /// Makes the limits possible together: overlap, window and shortest part are at most a quarter, a half and a quarter
    /// of the longest part, which has at least a second.
    init(maximum: AudioTime, window: AudioTime, overlap: AudioTime, minimum: AudioTime) {
        let longest = max(maximum.milliseconds, 1000)
        self.maximum = AudioTime(milliseconds: longest)
        self.window = AudioTime(milliseconds: min(max(window.milliseconds, 0), longest / 2))
        self.overlap = AudioTime(milliseconds: min(max(overlap.milliseconds, 0), longest / 4))
        self.minimum = AudioTime(milliseconds: min(max(minimum.milliseconds, 1), longest / 4))
    }
}
