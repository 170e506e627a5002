/// Why no cue could be made of a file.
public struct CaptionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The format the file was read as, when that was known.
    public var format: CaptionFormat?
    /// The line (from 1) at which it was given up, when there is one.
    public var line: Int?
    /// The reason, for people; never quotes more than a few characters of the file.
    public var reason: String

    /// The same file fails again in the same way.
    public var isRetryable: Bool { false }

    /// `vtt captions, line 3: no cue was found`.
    public var description: String {
        var text = format.map { "\($0.rawValue) captions" } ?? "captions"
        if let line { text += ", line \(line)" }
        return text + ": " + reason
    }

    init(format: CaptionFormat? = nil, line: Int? = nil, reason: String) {
        self.format = format
        self.line = line
        self.reason = reason
    }
}

/// Something in the file that was wrong and was mended.
public struct Repair: Sendable, Hashable {
    /// The line (from 1) at which it was found; nil when it concerns the whole file.
    public var line: Int?
    /// What was wrong and what was done.
    public var reason: String

    /// A repair at `line`.
    public init(line: Int? = nil, reason: String) {
        self.line = line
        self.reason = reason
    }
}
