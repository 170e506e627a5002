/// The sentence that a model is writing: its words, where it ends, and the markers that stand in it.
struct AnswerSentence: Sendable {
    /// Bytes after which a sentence is cut, so that one that never ends has a bounded claim.
    static let maximumBytes = 2_000
    /// Bytes that its last word may go beyond that.
    static let maximumOverhang = 200
    /// Passages that one sentence may cite.
    static let maximumCitations = 8

    private(set) var text = ""
    /// Where the part begins that no marker was read for, in UTF-8 bytes.
    private var partStart = 0
    private var startOfPartBefore = 0
    /// Markers that wait for the sentence's end.
    private(set) var deferred: [Int] = []
    /// Markers that stand alone in a line so far: the next sentence's where one follows in that line.
    private(set) var betweenLines: [Int] = []
    /// Whether a marker stood before its first word.
    var isLed = false
    /// The moments that it cites.
    var cited: [CitedMoment] = []
    var isSupported = false
    /// Whether its end was reached and its markers are being resolved.
    var isClosing = false

    private var end = End.none
    private var hasSpace = false
    private var lineBreaks = 0

    private enum End {
        case none
        /// After a full stop or the like: an end where white space follows.
        case stop
        case fullStop
        /// After one of a script without spaces: an end in any case.
        case wide
    }

    var isEmpty: Bool { text.isEmpty }
    private var isFull: Bool {
        text.utf8.count >= Self.maximumBytes
            && (hasSpace || text.utf8.count >= Self.maximumBytes + Self.maximumOverhang)
    }
    /// Whether a line break stands between the sentence and what comes.
    var isBehindLine: Bool { lineBreaks > 0 }
    /// Whether it looks finished, so that a marker here stands after its end.
    var isFinished: Bool { end == .wide || end != .none && hasSpace || lineBreaks > 0 }
    /// What was said since the last marker.
    var part: String { String(Substring(text.utf8.dropFirst(partStart))) }

    /// Whether nothing was said since the last marker.
    var isBehindMarker: Bool { partStart > 0 && partStart == text.utf8.count }
    /// What the last marker stood for.
    var partBefore: String {
        String(Substring(text.utf8.dropFirst(startOfPartBefore).prefix(partStart - startOfPartBefore)))
    }

    /// Whether a character that is not white space begins the next sentence.
    mutating func ends(before scalar: Unicode.Scalar) -> Bool {
        guard !text.isEmpty else { return false }
        if isFull { return true }
        if lineBreaks > 0 { return lineBreaks > 1 || end != .none || !scalar.properties.isLowercase }
        switch end {
        case .none: return false
        case .wide: return !scalar.closesSentence && !scalar.isWideStop
        case .stop: return hasSpace && !scalar.properties.isLowercase
        case .fullStop: return hasSpace && !scalar.properties.isLowercase && !isAbbreviated()
        }
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.isBlank {
            if scalar == "\n" { lineBreaks += 1 }
            hasSpace = true
            return
        }
        if hasSpace, !text.isEmpty { text += " " }
        hasSpace = false
        lineBreaks = 0
        text.unicodeScalars.append(scalar)
        switch scalar {
        case ".": end = .fullStop
        case "!", "?", "…", "؟", "।": end = .stop
        default:
            if scalar.isWideStop {
                end = .wide
            } else if !scalar.closesSentence {
                end = .none
            }
        }
    }

    /// Whether the full stop at the end belongs to a word, or to the number of a list, which is no part of the claim.
    private mutating func isAbbreviated() -> Bool {
        let word = text[(text.lastIndex(of: " ").map { text.index(after: $0) } ?? text.startIndex)...]
        guard word.startIndex == text.startIndex, word.dropLast().allSatisfy(\.isNumber) else {
            return word.isAbbreviation
        }
        text = ""
        partStart = 0
        startOfPartBefore = 0
        end = .none
        return true
    }
}

extension AnswerSentence {
    /// From here on a new part begins.
    mutating func beginPart() {
        guard !isBehindMarker else { return }
        startOfPartBefore = partStart
        partStart = text.utf8.count
    }

    mutating func wait(_ numbers: [Int]) { Self.add(numbers, to: &deferred) }

    mutating func waitBetweenLines(_ numbers: [Int]) { Self.add(numbers, to: &betweenLines) }

    /// The markers between the lines turn out to belong to this sentence.
    mutating func takeLinesMarkers() {
        wait(betweenLines)
        betweenLines = []
    }

    private static func add(_ numbers: [Int], to list: inout [Int]) {
        for number in numbers where list.count < maximumCitations && !list.contains(number) { list.append(number) }
    }

    /// The sentence after this one, with the markers that were read for it.
    func following() -> AnswerSentence {
        var next = AnswerSentence()
        next.deferred = betweenLines
        next.isLed = !betweenLines.isEmpty
        return next
    }
}

/// A second of a video: two citations of it in one sentence are one.
struct CitedMoment: Sendable, Hashable {
    var video: VideoID
    var second: Int
}

extension Unicode.Scalar {
    /// Stands behind the full stop and belongs to the sentence.
    fileprivate var closesSentence: Bool {
        switch self {
        case "\"", "'", "”", "’", ")", "»", "」", "』", "）", "*", "_", "]": true
        default: false
        }
    }

    /// The full stop of a script without spaces.
    fileprivate var isWideStop: Bool { self == "。" || self == "！" || self == "？" || self == "｡" }
}
