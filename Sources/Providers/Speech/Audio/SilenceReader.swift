/// Reads the silences from what ffmpeg's `silencedetect` writes through `ametadata=print`, as it comes.
struct SilenceReader: Sendable {
    private var silences: [AudioSpan] = []
    private var open: AudioTime?
    private var line: [UInt8] = []

    /// More are not kept: a day with one every second.
    static let maximumSilences = 86_400
    /// The rest of a longer line is not read.
    private static let maximumLine = 1024
    private static let startMark = "lavfi.silence_start="
    private static let endMark = "lavfi.silence_end="

    mutating func append(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                read(String(decoding: line, as: UTF8.self))
                line.removeAll(keepingCapacity: true)
            } else if line.count < Self.maximumLine {
                line.append(byte)
            }
        }
    }

    /// All of them, in order, not overlapping, within `duration`; one that is still open ends there.
    func silences(until duration: AudioTime) -> [AudioSpan] {
        var all = silences
        if let open, open < duration { all.append(AudioSpan(start: open, end: duration)) }
        return all.compactMap { silence in
            silence.start < duration ? AudioSpan(start: silence.start, end: min(silence.end, duration)) : nil
        }
    }

    private mutating func read(_ line: String) {
        if let time = time(line, Self.startMark) {
            open = max(time, silences.last?.end ?? .zero)
        } else if let time = time(line, Self.endMark), let start = open {
            open = nil
            guard time > start, silences.count < Self.maximumSilences else { return }
            silences.append(AudioSpan(start: start, end: time))
        }
    }

    private func time(_ line: String, _ mark: String) -> AudioTime? {
        guard line.hasPrefix(mark) else { return nil }
        guard let seconds = Double(line.dropFirst(mark.count)), seconds.isFinite else { return nil }
        return AudioTime(seconds: seconds)
    }
}
