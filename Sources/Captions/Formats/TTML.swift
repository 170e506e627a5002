/// W3C Timed Text: `<p begin end>` in containers that may have times too; spans with times are words.
///
/// Times are relative to the container by the standard, yet many files (Apple's lyrics) write absolute ones: a time that lies
/// inside its container is taken as absolute.
struct TTML {
    /// What an open element adds.
    private struct Scope {
        var begin: Int?
        var end: Int?
        var agent: Int32 = -1
    }

    /// How deep containers are followed; deeper ones add nothing.
    static let maximumDepth = 64

    private var xml: XMLReader
    private var draft: Draft
    private var clock = TTMLClock()
    private var scopes: [Scope] = []
    private var depthBeyond = 0
    private var paragraph: Scope?
    private var spanEnd: Int?
    private var agents: [String: Int32] = [:]
    private var agentID: String?
    private var titleStart: Bool = false
    private var isNaming = false
    private var hasRoot = false

    static func read(_ bytes: Bytes) throws(CaptionError) -> Draft {
        var reader = TTML(bytes)
        while let token = reader.xml.next() { reader.take(token) }
        reader.closeParagraph()
        if !reader.hasRoot { throw CaptionError(format: .ttml, line: 1, reason: "this XML has no <tt> element") }
        return reader.draft
    }

    private init(_ bytes: Bytes) {
        xml = XMLReader(bytes)
        draft = Draft(format: .ttml, capacity: bytes.count / 2)
    }

    private mutating func take(_ token: XMLReader.Token) {
        switch token {
        case .open(let name, let attributes, let isEmpty): open(name, attributes, isEmpty: isEmpty)
        case .close(let name): close(name)
        case .text(let text): append(text, markup: .entities)
        case .literal(let text): append(text, markup: .none)
        }
    }

    private mutating func append(_ text: Bytes, markup: Markup) {
        if paragraph != nil {
            draft.appendText(text, markup: markup)
        } else if titleStart, draft.title == nil {
            let title = Draft.plainText(text)
            if !title.isEmpty { draft.title = title }
        } else if isNaming, let agentID {
            let name = text.trimmed
            if name.count > 0 { agents[agentID] = draft.speaker(named: name) }
        }
    }

    private mutating func open(_ name: Bytes, _ attributes: XMLAttributes, isEmpty: Bool) {
        if name.isEqual(to: "p") {
            openParagraph(attributes)
            if isEmpty { closeParagraph() }
        } else if name.isEqual(to: "span") {
            if !isEmpty { openSpan(attributes) }
        } else if name.isEqual(to: "br") {
            draft.appendSpace(isLineEnd: true)
        } else if name.isEqual(to: "body") || name.isEqual(to: "div") {
            if !isEmpty { push(scope(attributes, inside: scopes.last)) }
        } else if name.isEqual(to: "tt") {
            hasRoot = true
            clock = TTMLClock(attributes)
            draft.language = attributes.value("lang").flatMap { Language.tag($0.trimmed) }
        } else if !isEmpty {
            openMetadata(name, attributes)
        }
    }

    private mutating func openMetadata(_ name: Bytes, _ attributes: XMLAttributes) {
        titleStart = name.isEqual(to: "title")
        isNaming = name.isEqual(to: "name")
        if name.isEqual(to: "agent"), agents.count < 1000 { agentID = attributes.value("id")?.string }
    }

    private mutating func close(_ name: Bytes) {
        if name.isEqual(to: "p") {
            closeParagraph()
        } else if name.isEqual(to: "span") {
            closeSpan()
        } else if name.isEqual(to: "body") || name.isEqual(to: "div") {
            if depthBeyond > 0 { depthBeyond -= 1 } else { _ = scopes.popLast() }
        } else if name.isEqual(to: "title") {
            titleStart = false
        } else if name.isEqual(to: "name") {
            isNaming = false
        }
    }

    private mutating func push(_ scope: Scope) {
        if scopes.count < TTML.maximumDepth { scopes.append(scope) } else { depthBeyond += 1 }
    }

    private func scope(_ attributes: XMLAttributes, inside parent: Scope?) -> Scope {
        func absolute(_ time: Int?) -> Int? {
            guard let time, let base = parent?.begin, base > 0 else { return time }
            return time >= base && time <= parent?.end ?? Int.max ? time : time + base
        }
        let begin = absolute(attributes.value("begin").flatMap { clock.milliseconds($0) })
        var end = absolute(attributes.value("end").flatMap { clock.milliseconds($0) })
        if end == nil, let duration = attributes.value("dur").flatMap({ clock.milliseconds($0) }) {
            end = (begin ?? parent?.begin ?? 0) + duration
        }
        let agent = attributes.value("agent").flatMap { agents[$0.string] } ?? parent?.agent ?? -1
        return Scope(
            begin: begin ?? (end != nil ? parent?.begin ?? 0 : parent?.begin), end: end ?? parent?.end, agent: agent)
    }

    private mutating func openParagraph(_ attributes: XMLAttributes) {
        closeParagraph()
        var own = scope(attributes, inside: scopes.last)
        if attributes.value("begin") != nil, attributes.value("end") == nil, attributes.value("dur") == nil {
            own.end = nil
        }
        paragraph = own
        draft.speaker = own.agent
    }

    private mutating func closeParagraph() {
        guard let scope = paragraph else { return draft.beginText() }
        finish(scope)
        paragraph = nil
        spanEnd = nil
    }

    private mutating func finish(_ scope: Scope) {
        guard let begin = scope.begin else {
            if !draft.isTextEmpty { draft.repair("a paragraph without a time was left out") }
            return draft.beginText()
        }
        draft.finishCue(start: begin, end: scope.end ?? Draft.missing, line: 0)
    }

    /// A timed span is a word of its paragraph; in a paragraph without times it is a cue.
    private mutating func openSpan(_ attributes: XMLAttributes) {
        guard let outer = paragraph, attributes.value("begin") != nil else { return }
        let own = scope(attributes, inside: outer)
        guard let begin = own.begin else { return }
        if outer.begin == nil {
            draft.beginText()
            draft.finishCue(start: begin, end: own.end ?? Draft.missing, line: 0)
            paragraph = Scope(begin: begin, end: own.end, agent: own.agent)
            spanEnd = Draft.missing
        } else {
            draft.appendStamp(begin, end: attributes.value("end") == nil ? Draft.missing : own.end ?? Draft.missing)
        }
    }

    private mutating func closeSpan() {
        guard spanEnd == Draft.missing, let scope = paragraph else { return }
        finish(scope)
        paragraph = Scope(agent: scope.agent)
        spanEnd = nil
    }
}

/// TTML's time expressions: clock times with fractions or frames, and offsets in h, m, s, ms, f, t.
struct TTMLClock {
    private var frameRate = 30.0
    private var tickRate = 1.0

    init() {}

    init(_ attributes: XMLAttributes) {
        if let rate = attributes.integer("framerate"), rate > 0 { frameRate = Double(min(rate, 1000)) }
        if let multiplier = attributes.value("frameratemultiplier") {
            let parts = multiplier.string.split(separator: " ").compactMap { Double($0) }
            if parts.count == 2, parts[0] > 0, parts[1] > 0 { frameRate *= parts[0] / parts[1] }
        }
        tickRate = attributes.integer("tickrate").flatMap { $0 > 0 ? Double($0) : nil } ?? frameRate
    }

    /// Milliseconds, or nil when it is no time.
    func milliseconds(_ value: Bytes) -> Int? {
        let text = value.trimmed
        guard let time = TimeStamp(text, at: 0) else { return ticks(text) }
        if time.parts == 4 { return frames(text) ?? time.milliseconds }
        if time.parts > 1 || time.end == text.count { return time.milliseconds }
        return offset(text, unit: text[time.end..<text.count])
    }

    /// Numbers too large for a time of day are ticks.
    private func ticks(_ text: Bytes) -> Int? {
        text.count > 1 && text[text.count - 1] | 0x20 == 0x74
            ? offset(text, unit: text[text.count - 1..<text.count]) : nil
    }

    private func offset(_ text: Bytes, unit: Bytes) -> Int? {
        guard let value = Double(text[0..<text.count - unit.count].string) else { return nil }
        let seconds: Double
        if unit.isEqual(to: "h") {
            seconds = value * 3600
        } else if unit.isEqual(to: "m") {
            seconds = value * 60
        } else if unit.isEqual(to: "s") {
            seconds = value
        } else if unit.isEqual(to: "ms") {
            seconds = value / 1000
        } else if unit.isEqual(to: "f") {
            seconds = value / frameRate
        } else if unit.isEqual(to: "t") {
            seconds = value / tickRate
        } else {
            return nil
        }
        return MediaTime(seconds: min(max(seconds, -1e9), 1e9)).milliseconds
    }

    /// `h:m:s:frames`.
    private func frames(_ text: Bytes) -> Int? {
        let parts = text.string.split(separator: ":")
        guard parts.count == 4, let frame = Double(parts[3]),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), let seconds = Int(parts[2]), hours < 1_000_000
        else { return nil }
        return ((hours * 60 + min(minutes, 100_000)) * 60 + min(seconds, 10_000_000)) * 1000
            + MediaTime(seconds: min(frame / frameRate, 1e6)).milliseconds
    }
}
