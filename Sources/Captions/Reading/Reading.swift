extension Transcript {
    /// Reads captions of any format.
    ///
    /// - Parameters:
    ///   - bytes: the file, at most `maximumBytes`; UTF-8, UTF-16, or Windows-1252.
    ///   - format: the format, or nil to find it out from the content and the name.
    ///   - fileName: helps to find the format and the language (`talk.en.srt`).
    ///   - rolling: whether lines that roll up the screen are kept once.
    /// - Throws: `CaptionError` with the line and the reason when no cue can be made of it.
    public init(
        captions bytes: [UInt8], format: CaptionFormat? = nil, fileName: String? = nil,
        rolling: RollingCaptions = .collapse
    ) throws(CaptionError) {
        guard bytes.count <= Transcript.maximumBytes else {
            let limit = Transcript.maximumBytes >> 20
            throw CaptionError(
                format: format, reason: "the file has \(bytes.count) bytes; at most \(limit) MiB are read")
        }
        let decoded = DecodedText(bytes)
        var draft = try decoded.utf8.withUnsafeBufferPointer { (buffer) throws(CaptionError) -> Draft in
            let text = Bytes(buffer)
            try Suspicion.check(text, original: bytes.count, replaced: decoded.replaced, format: format)
            let named = fileName.flatMap { CaptionFormat(fileName: $0) }
            if let format { return try Draft(text, format: format) }
            return try Draft(text, format: FormatDetection.format(of: text, named: named))
        }
        if draft.cues.isEmpty {
            throw CaptionError(format: draft.format, line: draft.repairs.first?.line, reason: draft.emptyReason)
        }
        if decoded.replaced > 0 {
            draft.repair("\(decoded.replaced) bytes that were no text were read as \(decoded.encoding ?? "U+FFFD")")
        }
        draft.tidyTimes()
        if rolling == .collapse { RollingCollapse.apply(to: &draft) }
        self.init(
            title: draft.title, language: draft.language ?? fileName.flatMap { Language.tag(fileName: $0) },
            cues: draft.finishedCues(), chapters: draft.chapters.sorted { $0.start < $1.start }, repairs: draft.repairs)
    }
}

extension Draft {
    /// Reads `text` as `format`.
    fileprivate init(_ text: Bytes, format: CaptionFormat) throws(CaptionError) {
        switch format {
        case .webVTT, .subRip: self = TimedBlocks.read(text, format: format)
        case .json3: self = try JSON3.read(text)
        case .srv1, .srv2, .srv3: self = try TimedText.read(text, format: format)
        case .ttml: self = try TTML.read(text)
        case .sbv: self = SBV.read(text)
        case .lrc: self = LRC.read(text)
        case .text: self = try PlainText.read(text)
        }
    }

    fileprivate var emptyReason: String {
        "no cue with a time and a text was found" + (repairs.first.map { " (\($0.reason))" } ?? "")
    }
}

/// Turns away what is no caption file at all, with the reason.
enum Suspicion {
    /// How much of the file is looked at.
    private static let sampleBytes = 64 << 10

    static func check(_ text: Bytes, original: Int, replaced: Int, format: CaptionFormat?) throws(CaptionError) {
        func refuse(_ reason: String) throws(CaptionError) {
            throw CaptionError(format: format, line: 1, reason: reason)
        }
        let sample = text[0..<min(text.count, sampleBytes)]
        if sample.trimmed.count == 0, text.trimmed.count == 0 { try refuse("the file is empty") }
        let controls = sample.buffer.count { $0 < 0x20 && !$0.isSpace }
        if controls * 20 > sample.count || replaced * 5 > original { try refuse("this is binary data, not text") }
        let start = sample.trimmed
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") || start.hasPrefix("<head>") {
            try refuse("this is a web page (HTML), not captions: a consent, login or error page of a server")
        }
    }
}
