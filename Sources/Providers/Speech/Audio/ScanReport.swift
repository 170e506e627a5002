/// What ffmpeg says on standard error when it has decoded a whole file.
struct ScanReport: Sendable, Equatable {
    /// How much sound there was; nil where there was none.
    var duration: AudioTime?
    /// The loudest sample, in decibels below the loudest possible one: never above 0.
    var peak: Double?
    /// Whether there is a gap between its times that is too long to be filled with silence.
    var hasEndlessGap = false

    /// Reads the end of what it says: `size=N/A time=00:00:56.00 …`, `max_volume: -2.1 dB`.
    init(_ errors: String) {
        for line in errors.split(whereSeparator: \.isNewline) {
            hasEndlessGap = hasEndlessGap || line.contains("Failed to compensate for timestamp delta")
            if line.contains("size="), let time = Self.word(after: "time=", in: line).flatMap(Self.time) {
                duration = time > .zero ? time : nil
            }
            if let volume = Self.word(after: "max_volume: ", in: line).flatMap({ Double($0) }), volume.isFinite {
                peak = min(volume, 0)
            }
        }
    }

    private static func word(after mark: String, in line: Substring) -> Substring? {
        guard let range = line.firstRange(of: mark) else { return nil }
        return line[range.upperBound...].prefix { !$0.isWhitespace }
    }

    /// `HH:MM:SS.cc`
    private static func time(_ text: Substring) -> AudioTime? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 3, let hours = Int(fields[0]), let minutes = Int(fields[1]),
            let seconds = Double(fields[2]), (0..<1_000_000).contains(hours), (0..<60).contains(minutes),
            (0..<60).contains(seconds)
        else { return nil }
        return AudioTime(seconds: Double(hours * 3600 + minutes * 60) + seconds)
    }
}
