/// A moment in a recording, in whole milliseconds from its start.
///
/// Encoded as a bare integer (milliseconds).
public struct MediaTime: Sendable, Hashable, Comparable, Codable {
    /// Milliseconds from the start of the recording.
    public var milliseconds: Int

    /// A moment `milliseconds` after the start.
    public init(milliseconds: Int) {
        self.milliseconds = milliseconds
    }

    /// A moment `seconds` after the start, rounded to the nearest millisecond; NaN is 0, what is too large is clamped.
    public init(seconds: Double) {
        let scaled = (seconds * 1000).rounded()
        if scaled.isNaN {
            milliseconds = 0
        } else if scaled >= 9e15 {
            milliseconds = 9_000_000_000_000_000
        } else {
            milliseconds = scaled <= -9e15 ? -9_000_000_000_000_000 : Int(scaled)
        }
    }

    /// The start of the recording.
    public static let zero = MediaTime(milliseconds: 0)

    /// Seconds from the start of the recording.
    public var seconds: Double { Double(milliseconds) / 1000 }

    /// For people: `1:23`, `1:02:03`; the fraction is cut off, as a player does; a negative time is `0:00`.
    public var timestamp: String {
        let total = max(0, milliseconds) / 1000
        let seconds = total % 60
        let minutes = total / 60 % 60
        let hours = total / 3600
        let tail = seconds < 10 ? "0\(seconds)" : "\(seconds)"
        if hours == 0 { return "\(minutes):\(tail)" }
        return "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
    }

    /// Earlier in the recording.
    public static func < (left: MediaTime, right: MediaTime) -> Bool { left.milliseconds < right.milliseconds }

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
