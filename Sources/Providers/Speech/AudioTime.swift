/// A moment in a recording, or a length of it, in whole milliseconds.
///
/// Encoded as a bare integer.
public struct AudioTime: Sendable, Hashable, Comparable, Codable {
    /// Milliseconds, from the start of the recording where it is a moment.
    public var milliseconds: Int

    /// A moment, or a length, of so many milliseconds.
    public init(milliseconds: Int) { self.milliseconds = milliseconds }

    /// Rounded to the nearest millisecond; NaN is 0, what is too large is clamped.
    public init(seconds: Double) {
        let scaled = (seconds * 1000).rounded()
        milliseconds = scaled.isNaN ? 0 : Int(min(max(scaled, -Self.greatest), Self.greatest))
    }

    /// Rounded to the nearest millisecond.
    public init(_ duration: Duration) { self.init(seconds: duration / .seconds(1)) }

    /// A double is exact up to here; sums of a few are no trouble.
    private static let greatest = 9e15

    /// The start of the recording.
    public static let zero = AudioTime(milliseconds: 0)

    /// In seconds.
    public var seconds: Double { Double(milliseconds) / 1000 }

    /// So much later.
    public static func + (left: AudioTime, right: AudioTime) -> AudioTime {
        AudioTime(milliseconds: left.milliseconds + right.milliseconds)
    }

    /// So much earlier; the length from the right to the left.
    public static func - (left: AudioTime, right: AudioTime) -> AudioTime {
        AudioTime(milliseconds: left.milliseconds - right.milliseconds)
    }

    /// Earlier, or shorter.
    public static func < (left: AudioTime, right: AudioTime) -> Bool { left.milliseconds < right.milliseconds }

    /// Reads a bare integer of milliseconds.
    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int.self)
    }

    /// Writes a bare integer of milliseconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

/// A stretch of a recording.
public struct AudioSpan: Sendable, Hashable, Codable {
    /// Where it begins.
    public let start: AudioTime
    /// Where it ends; never before its start.
    public let end: AudioTime

    /// From `start` to `end`; empty where `end` is before `start`.
    public init(start: AudioTime, end: AudioTime) {
        self.start = start
        self.end = max(start, end)
    }

    /// How long it is.
    public var length: AudioTime { end - start }
    /// Half way between its ends.
    public var middle: AudioTime { AudioTime(milliseconds: (start.milliseconds + end.milliseconds) / 2) }

    /// What it has in common with `other`; nil where they don't even touch.
    public func intersection(_ other: AudioSpan) -> AudioSpan? {
        let from = max(start, other.start)
        let to = min(end, other.end)
        return from <= to ? AudioSpan(start: from, end: to) : nil
    }

    /// The same stretch, `time` later.
    public func shifted(by time: AudioTime) -> AudioSpan { AudioSpan(start: start + time, end: end + time) }
}
