/// Reads a model's text a character at a time: finds the markers and takes out addresses, tags and typed times.
///
/// Only what can still become one of them is held back, and never more than `maximumHeld` characters. Square brackets
/// that are no marker become round ones, so that those of an answer are the citations' alone.
struct AnswerScanner: Sendable {
    /// Characters that are held back.
    static let maximumHeld = MarkerReader.maximumLength
    /// Characters of a link's destination or of a tag, after which it isn't one and the text goes on.
    static let maximumSkipped = 2_000

    enum State {
        case text
        case exclamation
        case bracket
        /// In a marker that is too long.
        case endlessMarker
        /// After a closing bracket: a destination may follow.
        case closed
        case destination(depth: Int, length: Int)
        case word
        case scheme
        case colon
        case address
        case tag
        case markup(length: Int)
        case time
    }

    let spokenTimes: Set<String>
    var state = State.text
    var held: [Unicode.Scalar] = []
    private var marker = MarkerReader()
    var scheme = SchemeReader()
    var previous: Unicode.Scalar = " "
    private var isAfterReturn = false
    private var isImage = false
    var isAutolink = false

    /// - Parameter spokenTimes: times that may stay, since somebody says them.
    init(spokenTimes: Set<String>) {
        self.spokenTimes = spokenTimes
    }

    /// Reads on.
    mutating func read(_ text: String, into tokens: inout [AnswerToken]) {
        for scalar in text.unicodeScalars {
            defer { isAfterReturn = scalar == "\r" }
            if scalar == "\n", isAfterReturn { continue }
            if scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}" || scalar == "\u{85}" {
                take("\n", &tokens)
            } else if !scalar.isInvisibleControl {
                take(scalar, &tokens)
            }
        }
    }

    /// Gives out what is held.
    mutating func finish(into tokens: inout [AnswerToken]) {
        switch state {
        case .bracket where marker.isNumbered: removed(&tokens)
        case .bracket: releaseBracket(&tokens)
        case .time: releaseTimes(&tokens, isWhole: true)
        case .tag: release(&tokens, "<")
        case .exclamation, .word, .scheme, .colon: release(&tokens)
        case .address: endAddress(&tokens)
        case .text, .closed, .endlessMarker, .destination, .markup: break
        }
        state = .text
        tokens.append(.end)
    }

    mutating func take(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        switch state {
        case .text: takeText(scalar, &tokens)
        case .exclamation: takeAfterExclamation(scalar, &tokens)
        case .bracket: takeBracket(scalar, &tokens)
        case .endlessMarker: takeEndless(scalar, &tokens)
        case .closed: takeAfterBracket(scalar, &tokens)
        case .destination(let depth, let length): takeDestination(scalar, depth, length, &tokens)
        case .word: takeWord(scalar, &tokens)
        case .scheme: takeScheme(scalar, &tokens)
        case .colon: takeColon(scalar, &tokens)
        case .address: takeAddress(scalar, &tokens)
        case .tag: takeTag(scalar, &tokens)
        case .markup(let length): takeMarkup(scalar, length)
        case .time: takeTime(scalar, &tokens)
        }
    }

    private mutating func takeText(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        switch scalar {
        case "[", "【", "［": openBracket(scalar, isImage: false)
        case "]", "］":
            emit(")", &tokens)
            state = .closed
        case "!": hold(scalar, .exclamation)
        case "<": state = .tag
        case ":": hold(scalar, .colon)
        default:
            if scalar.digit != nil, previous.digit == nil {
                hold(scalar, .time)
            } else if scalar.isASCIILetter, !previous.isWordPart {
                scheme = SchemeReader()
                if case .begins = scheme.take(scalar) { hold(scalar, .word) } else { emit(scalar, &tokens) }
            } else {
                emit(scalar, &tokens)
            }
        }
    }

    mutating func hold(_ scalar: Unicode.Scalar, _ next: State) {
        held.append(scalar)
        state = next
    }

    mutating func emit(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        tokens.append(.content(scalar))
        previous = scalar
    }

    mutating func removed(_ tokens: inout [AnswerToken]) {
        held.removeAll(keepingCapacity: true)
        tokens.append(.removed)
        previous = " "
        state = .text
    }

    /// Gives out what is held as it is.
    mutating func release(_ tokens: inout [AnswerToken], _ before: Unicode.Scalar? = nil) {
        if let before { emit(before, &tokens) }
        for scalar in held { emit(scalar, &tokens) }
        held.removeAll(keepingCapacity: true)
        state = .text
    }

    var heldWord: String {
        var word = ""
        for scalar in held { word.unicodeScalars.append(scalar.lowercasedASCII) }
        return word
    }
}

// MARK: - Brackets

extension AnswerScanner {
    private mutating func takeAfterExclamation(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        if scalar == "[" {
            held.removeAll(keepingCapacity: true)
            openBracket(scalar, isImage: true)
        } else {
            release(&tokens)
            take(scalar, &tokens)
        }
    }

    private mutating func openBracket(_ scalar: Unicode.Scalar, isImage: Bool) {
        self.isImage = isImage
        marker = MarkerReader()
        hold(scalar, .bracket)
    }

    private mutating func takeBracket(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        switch marker.take(scalar) {
        case .more:
            held.append(scalar)
            if held.count > MarkerReader.maximumLength { state = .endlessMarker }
        case .text where scalar == "\n" && marker.isNumbered:
            removed(&tokens)
            take(scalar, &tokens)
        case .text:
            releaseBracket(&tokens)
            take(scalar, &tokens)
        case .marker(let numbers):
            if isImage { emit("!", &tokens) }
            removed(&tokens)
            tokens.append(.marker(numbers))
            state = .closed
        case .removed:
            removed(&tokens)
            state = .closed
        }
    }

    /// A bracket that is no marker, with what follows it.
    private mutating func releaseBracket(_ tokens: inout [AnswerToken]) {
        let text = held.dropFirst()
        let bracket = held.first
        held.removeAll(keepingCapacity: true)
        state = .text
        emit(bracket == "【" ? "【" : "(", &tokens)
        for scalar in text { take(scalar, &tokens) }
    }

    private mutating func takeEndless(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        if scalar.closesBracket {
            removed(&tokens)
            state = .closed
        } else if scalar.isWordPart && scalar.digit == nil || scalar.opensBracket || scalar == "\n" || scalar == "<" {
            removed(&tokens)
            take(scalar, &tokens)
        }
    }

    private mutating func takeAfterBracket(_ scalar: Unicode.Scalar, _ tokens: inout [AnswerToken]) {
        state = .text
        if scalar == "(" {
            state = .destination(depth: 1, length: 0)
        } else {
            take(scalar, &tokens)
        }
    }

    private mutating func takeDestination(
        _ scalar: Unicode.Scalar, _ depth: Int, _ length: Int, _ tokens: inout [AnswerToken]
    ) {
        let depth = scalar == "(" ? depth + 1 : scalar == ")" ? depth - 1 : depth
        state = .destination(depth: depth, length: length + 1)
        if scalar == "\n" {
            removed(&tokens)
            take(scalar, &tokens)
        } else if depth == 0 || length >= Self.maximumSkipped {
            removed(&tokens)
        }
    }
}

extension Unicode.Scalar {
    /// Controls, and what turns the direction of writing: neither is seen and both can disguise.
    fileprivate var isInvisibleControl: Bool {
        switch value {
        case 0x09, 0x0A: false
        case 0x00...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0000...0xE007F:
            true
        default: false
        }
    }
}
