/// YouTube's three XML formats.
///
/// srv1: `<text start="0.16" dur="4.32">` in seconds. srv2: `<text t="160" d="4320">` in milliseconds, `append="1"` only
/// scrolls. srv3: `<p t d><s t>word</s></p>`, `a="1"` only scrolls. The text of srv1 and srv2 is HTML inside XML: escaped twice.
struct TimedText {
    private var xml: XMLReader
    private var draft: Draft
    private var cue: (start: Int, end: Int, isAppend: Bool, isHTML: Bool)?
    private var hasElements = false

    static func read(_ bytes: Bytes, format: CaptionFormat) throws(CaptionError) -> Draft {
        var reader = TimedText(xml: XMLReader(bytes), draft: Draft(format: format, capacity: bytes.count / 2))
        while let token = reader.xml.next() { reader.take(token) }
        reader.closeCue()
        if !reader.hasElements { throw CaptionError(format: format, line: 1, reason: "this is not XML") }
        return reader.draft
    }

    private init(xml: XMLReader, draft: Draft) {
        self.xml = xml
        self.draft = draft
    }

    private mutating func take(_ token: XMLReader.Token) {
        switch token {
        case .open(let name, let attributes, let isEmpty):
            hasElements = true
            open(name, attributes, isEmpty: isEmpty)
        case .close(let name):
            if name.isEqual(to: "text") || name.isEqual(to: "p") { closeCue() }
        case .text(let text):
            guard let cue else { return }
            if cue.isHTML { appendHTML(text) } else { draft.appendText(text, markup: .entities) }
        case .literal(let text):
            if let cue { draft.appendText(text, markup: cue.isHTML ? .html : .none) }
        }
    }

    private mutating func open(_ name: Bytes, _ attributes: XMLAttributes, isEmpty: Bool) {
        if name.isEqual(to: "text") || name.isEqual(to: "p") {
            closeCue()
            cue = times(attributes, isHTML: name.isEqual(to: "text"))
            if isEmpty { closeCue() }
        } else if name.isEqual(to: "s") {
            if let cue, let offset = attributes.integer("t") { draft.appendStamp(cue.start + offset) }
        } else if name.isEqual(to: "br") {
            draft.appendSpace(isLineEnd: true)
        } else if name.isEqual(to: "timedtext") || name.isEqual(to: "transcript") {
            draft.language = attributes.value("lang").flatMap { Language.tag($0) }
        }
    }

    private mutating func times(_ attributes: XMLAttributes, isHTML: Bool) -> (Int, Int, Bool, Bool)? {
        let isAppend = attributes.integer("append") == 1 || attributes.integer("a") == 1
        if let start = attributes.integer("t") {
            let duration = attributes.integer("d").flatMap { $0 >= 0 ? $0 : nil }
            return (start, duration.map { start + $0 } ?? Draft.missing, isAppend, isHTML)
        }
        guard let text = attributes.value("start"), let start = TimeStamp(text, at: 0) else {
            draft.repair("a cue without a start was left out")
            return nil
        }
        let duration = attributes.value("dur").flatMap { TimeStamp($0, at: 0) }.flatMap {
            $0.milliseconds >= 0 ? $0 : nil
        }
        return (
            start.milliseconds, duration.map { start.milliseconds + $0.milliseconds } ?? Draft.missing, isAppend, isHTML
        )
    }

    private mutating func closeCue() {
        guard let cue else { return draft.beginText() }
        draft.finishCue(start: cue.start, end: cue.end, line: 0)
        self.cue = nil
    }

    /// XML's entities first, then what is HTML in the result.
    private mutating func appendHTML(_ text: Bytes) {
        guard text.first(0x26, from: 0, to: text.count) < text.count else {
            return draft.appendText(text, markup: .html)
        }
        var html: [UInt8] = []
        html.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] == 0x26, let (scalar, next) = Entities.decode(text, at: index) {
                html.append(contentsOf: String(scalar).utf8)
                index = next
            } else {
                html.append(text[index])
                index += 1
            }
        }
        html.withUnsafeBufferPointer { draft.appendText(Bytes($0), markup: .html) }
    }
}
