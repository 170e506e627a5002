/// A part of a recording that is transcribed by itself.
public struct AudioChunk: Sendable, Hashable, Codable {
    /// Its place among the chunks, from 0.
    public var index: Int
    /// What it covers.
    public var span: AudioSpan
    /// How much of its beginning the chunk before it covers, too.
    public var overlap: AudioTime
    /// Whether nothing can be heard in it: then no transcriber is asked.
    public var isSilent: Bool

    /// A chunk from its parts.
    public init(index: Int, span: AudioSpan, overlap: AudioTime = .zero, isSilent: Bool = false) {
        self.index = index
        self.span = span
        self.overlap = overlap
        self.isSilent = isSilent
    }
}

/// How a recording is cut for a transcriber. The same file always gives the same plan, and a caller may keep it.
public struct AudioPlan: Sendable, Hashable, Codable {
    /// How much sound there really is.
    public var duration: AudioTime
    /// How long the file says it is; a download that broke off has less.
    public var declaredDuration: AudioTime?
    /// Where nothing can be heard, in order.
    public var silences: [AudioSpan]
    /// The parts, in order; together they cover all of it.
    public var chunks: [AudioChunk]

    /// A plan for a recording with `silences` (in order).
    public init(
        duration: AudioTime, declaredDuration: AudioTime? = nil, silences: [AudioSpan], limits: ChunkLimits
    ) {
        self.duration = duration
        self.declaredDuration = declaredDuration
        self.silences = silences
        chunks = ChunkPlanning(duration: duration, silences: silences, limits: limits).chunks()
    }
}
