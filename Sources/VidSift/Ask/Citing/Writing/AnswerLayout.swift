/// Writes the answer's text with its citations, and closes the gaps where something was taken out.
///
/// White space, commas, opening brackets and list marks wait until it shows what follows them, at most
/// `maximumPending` characters.
struct AnswerLayout: Sendable {
    /// White space and opening marks in a row; what is more is dropped.
    static let maximumPending = 64
    /// Line breaks in a row: an empty line.
    static let maximumLineBreaks = 2

    private var guardian = LinkGuard()
    private var pending: [Unicode.Scalar] = []
    /// Where in what waits something was taken out last, or cited.
    private var tear: Int?
    private var last: Unicode.Scalar?
    /// The model's own last visible character.
    private var lastSaid: Unicode.Scalar?
    private var lineIsEmpty = true

    /// Takes the model's next character.
    mutating func write(_ scalar: Unicode.Scalar, to text: inout String) {
        if scalar == "\n" { return breakLine() }
        if scalar.isBlank { return addSpace(scalar) }
        if tear != nil, mends(scalar) { return }
        if waits(scalar), pending.count < Self.maximumPending {
            pending.append(scalar)
            return
        }
        flush(before: scalar, to: &text)
        guardian.write(scalar, to: &text)
        last = scalar
        lastSaid = scalar
        lineIsEmpty = false
    }

    /// Something was taken out here.
    mutating func takeOut() {
        if tear != nil { removeJoints() }
        tear = pending.count
    }

    /// Writes a citation before what waits, or behind the bracket that waits.
    mutating func cite(_ mark: String, to text: inout String) {
        let opens = pending.last(where: { $0 != " " }) == "("
        if opens { flush(before: "[", to: &text) }
        if let last, !(opens && last == "(") { guardian.pass(last == "\n" ? "" : " ", to: &text) }
        guardian.pass(mark, to: &text)
        last = mark.unicodeScalars.last
        lineIsEmpty = false
        tear = pending.contains("\n") ? nil : pending.count
    }

    /// White space at the end is left out, and so is what opens nothing.
    mutating func finish(to text: inout String) {
        let end = tear != nil ? 0 : pending.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? 0
        for scalar in pending[..<end] { guardian.write(scalar, to: &text) }
        pending.removeAll()
    }

    /// Goes back to the end of an earlier text, of which what came after isn't sent; a line break stays one.
    mutating func goBack(to earlier: AnswerLayout) {
        let hadBreak = earlier.pending.contains("\n") && !pending.contains("\n")
        let rest = hadBreak ? earlier.pending.filter(\.isBlank) : pending.filter(\.isBlank)
        self = earlier
        pending = last == nil ? [] : rest.isEmpty ? [" "] : rest
        tear = last == nil || pending.contains("\n") ? nil : pending.count
    }
}

extension AnswerLayout {
    /// The start of the line that waits, where nothing of it is written.
    private var lineStart: Int? {
        if let line = pending.lastIndex(of: "\n") { return line + 1 }
        return last == nil || lineIsEmpty ? 0 : nil
    }

    private mutating func breakLine() {
        if tear != nil, let start = lineStart { pending.removeSubrange(start...) }
        removeJoints()
        while pending.last == " " { pending.removeLast() }
        guard last != nil, pending.count < Self.maximumPending else { return }
        if pending.suffix(Self.maximumLineBreaks).allSatisfy({ $0 == "\n" }),
            pending.count >= Self.maximumLineBreaks
        {
            return
        }
        pending.append("\n")
        tear = nil
    }

    private mutating func addSpace(_ scalar: Unicode.Scalar) {
        guard last != nil || !pending.isEmpty, pending.count < Self.maximumPending else { return }
        if tear != nil, pending.last.map({ $0.isBlank || $0 == "(" }) == true { return }
        pending.append(scalar)
    }

    /// Whether a character is kept until it shows what follows.
    private func waits(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "(" || scalar == "," || scalar == ";" { return true }
        if tear != nil, scalar.isJoint { return true }
        guard let start = lineStart, scalar.isBullet else { return false }
        return pending[start...].allSatisfy { $0.isBlank || $0.isBullet }
    }

    /// Leaves out what has lost its sense where something was taken out; true where nothing is left to be written.
    private mutating func mends(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == ")", let open = pending.lastIndex(of: "("), isOpenedInVain(open) {
            pending.removeSubrange(open...)
            tear = tear.map { min($0, pending.count) }
            return true
        }
        guard scalar.isCloser else { return false }
        if lineStart != nil { return true }
        while let end = pending.last, end == " " || end.isJoint { pending.removeLast() }
        tear = tear.map { min($0, pending.count) }
        return scalar.isEnd && lastSaid?.isEnd == true && pending.isEmpty
    }

    private func isOpenedInVain(_ open: Int) -> Bool {
        pending[(open + 1)...].allSatisfy { $0 == " " || $0.isJoint }
    }

    private mutating func flush(before scalar: Unicode.Scalar, to text: inout String) {
        if tear != nil { closeGap(before: scalar) }
        for character in pending {
            guardian.write(character, to: &text)
            lineIsEmpty = character == "\n" || lineIsEmpty && character.isBlank
            last = character
        }
        pending.removeAll(keepingCapacity: true)
        tear = nil
    }

    /// At the start of a line nothing is left to be joined, elsewhere one joint is enough; what stood apart stays apart.
    private mutating func closeGap(before scalar: Unicode.Scalar) {
        if lineStart != nil {
            removeJoints()
        } else if let first = pending.firstIndex(where: \.isJoint) {
            pending[(first + 1)...].removeAll(where: \.isJoint)
        }
        guard pending.isEmpty, let last, Self.needsGap(last, scalar) else { return }
        pending.append(" ")
    }

    /// Removes the joints behind what was taken out, with what follows them.
    private mutating func removeJoints() {
        guard let tear, tear <= pending.count,
            let first = pending[tear...].firstIndex(where: \.isJoint)
        else { return }
        pending.removeSubrange(first...)
    }

    private static func needsGap(_ last: Unicode.Scalar, _ next: Unicode.Scalar) -> Bool {
        if last == "]" || last == "\"" { return !next.isCloser && !next.isEmphasis }
        guard next.value < 0x80, last.value < 0x80 else { return false }
        let isWord = next.isWordPart || next == ":" || next == "/"
        return isWord && (last.isWordPart || last == ":" || last == "/" || last == "<")
    }
}

extension Unicode.Scalar {
    /// Joins two things, of which one may have been taken out.
    fileprivate var isJoint: Bool {
        switch self {
        case ",", ";", "-", "–", "—", "&", "/": true
        default: false
        }
    }

    /// Marks a line as one of a list, a heading or a quotation.
    fileprivate var isBullet: Bool {
        switch self {
        case "-", "*", "+", "•", "#", ">": true
        default: false
        }
    }

    /// Follows a word without a space.
    fileprivate var isCloser: Bool {
        switch self {
        case ".", ",", ";", ":", "!", "?", "…", "。", "、", "，", "！", "？", "：", "；", ")", "）", "」", "”", "»": true
        default: false
        }
    }

    /// Ends a sentence or opens a list: one is enough.
    fileprivate var isEnd: Bool {
        switch self {
        case ".", "!", "?", "…", "。", "！", "？", ":", "：": true
        default: false
        }
    }

    fileprivate var isEmphasis: Bool {
        switch self {
        case "*", "_", "~", "`", "\"", "'", "’": true
        default: false
        }
    }
}
