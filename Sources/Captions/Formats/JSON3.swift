/// YouTube's JSON timed text, and the JSON this module writes, which is json3 with a few names more
/// (`title`, `language`, `chapters`; `speaker` in an event, `dMs` in a segment).
///
/// An event is a cue; its segments are words with offsets. Events with `aAppend` only scroll the window; events without
/// segments define windows.
struct JSON3 {
    private var json: JSONReader
    private var draft: Draft
    private let bytes: Bytes

    static func read(_ bytes: Bytes) throws(CaptionError) -> Draft {
        var reader = JSON3(bytes)
        try reader.readRoot()
        return reader.draft
    }

    private init(_ bytes: Bytes) {
        self.bytes = bytes
        json = JSONReader(bytes)
        draft = Draft(format: .json3, capacity: bytes.count / 4)
    }

    private mutating func readRoot() throws(CaptionError) {
        guard json.take(0x7B) else { throw CaptionError(format: .json3, line: 1, reason: "this is not a JSON object") }
        var hasEvents = false
        while let key = json.nextKey() {
            if key.isEqual(to: "events") {
                hasEvents = true
                readArray { $0.readEvent() }
            } else if key.isEqual(to: "chapters") {
                readArray { $0.readChapter() }
            } else if key.isEqual(to: "title"), json.peek() == 0x22 {
                draft.title = json.string().map(JSONText.string)
            } else if key.isEqual(to: "language"), json.peek() == 0x22 {
                draft.language = json.string().flatMap { Language.tag(JSONText.string($0)) }
            } else if key.isEqual(to: "error") {
                throw CaptionError(
                    format: .json3, line: 1, reason: "this is an error message of a server, not captions")
            } else {
                json.skipValue()
            }
        }
        guard hasEvents else { throw CaptionError(format: .json3, line: 1, reason: "this JSON has no \"events\"") }
    }

    private mutating func readArray(_ element: (inout JSON3) -> Void) {
        guard json.take(0x5B) else { return json.skipValue() }
        while json.hasElement() {
            let before = json.position
            if json.peek() == 0x7B { element(&self) } else { json.skipValue() }
            if json.position == before { return }
        }
    }

    private mutating func readEvent() {
        let line = 0
        var (start, duration, isAppend, end): (Int?, Int?, Bool, Int) = (nil, nil, false, Draft.missing)
        var segments: Int?
        _ = json.take(0x7B)
        draft.beginText()
        while let key = json.nextKey() {
            if key.isEqual(to: "tstartms") {
                start = json.integer()
            } else if key.isEqual(to: "ddurationms") {
                duration = json.integer()
            } else if key.isEqual(to: "aappend") {
                isAppend = json.integer() == 1
            } else if key.isEqual(to: "segs") {
                segments = json.position
                json.skipValue()
            } else if key.isEqual(to: "speaker"), json.peek() == 0x22 {
                if let name = json.string() { draft.speaker = draft.speaker(escaped: name) }
            } else {
                json.skipValue()
            }
        }
        guard let segments else { return }
        guard let start else { return draft.repair("an event without a start was left out") }
        if let duration, duration >= 0 { end = start + duration }
        readSegments(at: segments, start: start)
        if isAppend, draft.isTextEmpty { return }
        draft.finishCue(start: start, end: end, line: line)
    }

    /// The segments, read when the event's start is known.
    private mutating func readSegments(at position: Int, start: Int) {
        let after = json
        json = JSONReader(bytes, at: position)
        if json.take(0x5B) {
            while json.hasElement() {
                let before = json.position
                if json.peek() == 0x7B { readSegment(start: start) } else { json.skipValue() }
                if json.position == before { break }
            }
        }
        json = after
    }

    private mutating func readSegment(start: Int) {
        var (text, offset, duration): (Bytes?, Int?, Int?) = (nil, nil, nil)
        _ = json.take(0x7B)
        while let key = json.nextKey() {
            if key.isEqual(to: "utf8"), json.peek() == 0x22 {
                text = json.string()
            } else if key.isEqual(to: "toffsetms") {
                offset = json.integer()
            } else if key.isEqual(to: "dms") {
                duration = json.integer()
            } else {
                json.skipValue()
            }
        }
        guard let text else { return }
        if offset != nil || duration != nil {
            let begin = start + (offset ?? 0)
            draft.appendStamp(begin, end: duration.map { begin + $0 } ?? Draft.missing)
        }
        JSONText.append(text, to: &draft)
    }

    private mutating func readChapter() {
        var (start, title): (Int?, String?) = (nil, nil)
        _ = json.take(0x7B)
        while let key = json.nextKey() {
            if key.isEqual(to: "tstartms") {
                start = json.integer()
            } else if key.isEqual(to: "title"), json.peek() == 0x22 {
                title = json.string().map(JSONText.string)
            } else {
                json.skipValue()
            }
        }
        guard let start, let title, !title.isEmpty else { return }
        draft.chapters.append(Chapter(start: MediaTime(milliseconds: start), title: title))
    }
}
