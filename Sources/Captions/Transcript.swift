/// All that was said in a recording, as timed cues.
public struct Transcript: Sendable, Hashable {
    /// The largest file that is read, in bytes.
    public static let maximumBytes = 64 << 20
    /// How many repairs are remembered; further ones are only counted.
    public static let maximumRepairs = 100

    /// The title, where the file has one.
    public var title: String?
    /// The language (BCP 47), where the file or its name says so.
    public var language: String?
    /// The cues, ordered by start.
    public var cues: [Cue]
    /// The chapters, ordered by start.
    public var chapters: [Chapter]
    /// What was mended while reading; at most `maximumRepairs`.
    public var repairs: [Repair]

    /// A transcript from its parts.
    public init(
        title: String? = nil, language: String? = nil, cues: [Cue], chapters: [Chapter] = [], repairs: [Repair] = []
    ) {
        self.title = title
        self.language = language
        self.cues = cues
        self.chapters = chapters
        self.repairs = repairs
    }
}
