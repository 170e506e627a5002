/// Finds in a cue's text what is shown but not spoken.
///
/// A function of the collapsed text alone (UTF-8), so that a text written and read again has the same marks.
struct MarkScanner {
    /// How long the text of a sound may be, in bytes.
    static let maximumSoundBytes = 80
    /// How long a speaker's name before a colon may be, in bytes.
    static let maximumNameBytes = 40

    private let text: Bytes
    private(set) var marks: [Mark] = []
    /// The name before a colon, where there is one.
    private(set) var speaker: Range<Int>?
    /// Mixed-case names that may be speakers, because they stand before a colon in several cues.
    private let knownNames: Set<String>

    init(_ text: Bytes, knownNames: Set<String>) {
        self.text = text
        self.knownNames = knownNames
        scan()
    }

    private mutating func scan() {
        if !text.buffer.contains(where: { $0.isLetter || $0.isDigit || $0 >= 0x80 }) {
            marks = [Mark(kind: .sound, range: 0..<text.count)]
            return
        }
        var index = takeTurn(at: 0)
        let dialogue =
            marks.last.map { text[$0.range.upperBound - 1] != 0x3E && text[$0.range.lowerBound] != 0x3E } ?? false
        while index < text.count {
            switch text[index] {
            case 0x5B, 0x28: index = takeBracket(at: index)
            case 0x3E where text.at(index + 1) == 0x3E: index = takeTurn(at: index)
            case 0x2D where dialogue && isNewTurn(index): index = takeTurn(at: index)
            case 0xE2, 0xF0: index = takeNote(at: index)
            default: index += 1
            }
        }
    }

    /// `>>`, `>> NAME:`, `- `, `NAME:` at `index`; returns the first byte after it.
    private mutating func takeTurn(at index: Int) -> Int {
        var end = index
        while text.at(end) == 0x3E { end += 1 }
        if end - index == 1 { end = index }
        if end == index { end = index + dashLength(index) }
        let isTurn = end > index
        while isTurn, text.at(end) == 0x20 { end += 1 }
        if let name = name(at: end, isTurn: isTurn) {
            if speaker == nil, marks.isEmpty { speaker = name }
            end = name.upperBound
            while text.at(end) != 0x3A { end += 1 }
            end += 1
        }
        while end > index, text[end - 1] == 0x20 { end -= 1 }
        guard end > index else { return index }
        marks.append(Mark(kind: .speakerChange, range: index..<end))
        return end
    }

    /// A single dash before a letter, a quotation or a sound; 0 when there is none.
    private func dashLength(_ index: Int) -> Int {
        let length: Int
        if text.at(index) == 0x2D {
            length = 1
        } else if text.at(index) == 0xE2, text.at(index + 1) == 0x80,
            text.at(index + 2) == 0x93 || text.at(index + 2) == 0x90
        {
            length = 3
        } else {
            return 0
        }
        var next = index + length
        while text.at(next) == 0x20 { next += 1 }
        let byte = text.at(next)
        return byte.isLetter || byte >= 0xC3 || byte == 0x5B || byte == 0x28 || byte == 0x22 || byte == 0x27
            ? length : 0
    }

    /// A dash inside the text of a dialogue begins a turn after the end of a sentence.
    private func isNewTurn(_ index: Int) -> Bool {
        guard index >= 2, text[index - 1] == 0x20, dashLength(index) > 0 else { return false }
        return [0x2E, 0x21, 0x3F, 0x22, 0x29, 0x5D].contains(text[index - 2]) || text[index - 2] >= 0x80
    }

    /// The name that stands before a colon at `index`.
    private func name(at index: Int, isTurn: Bool) -> Range<Int>? {
        guard let candidate = NameCandidate(text, at: index) else { return nil }
        if candidate.isUpperCase { return candidate.range }
        if isTurn, candidate.words <= 4 { return candidate.range }
        return knownNames.contains(text[candidate.range].string) ? candidate.range : nil
    }

    /// `[...]` is a sound; `(...)` is one when it looks like a description.
    private mutating func takeBracket(at index: Int) -> Int {
        let close: UInt8 = text[index] == 0x5B ? 0x5D : 0x29
        let limit = min(text.count, index + MarkScanner.maximumSoundBytes)
        var end = index + 1
        while end < limit, text[end] != close, text[end] != text[index] { end += 1 }
        guard end < limit, text[end] == close, end > index + 1, text.at(end + 1) != 0x28 else { return index + 1 }
        let inside = text[index + 1..<end].trimmed
        let isSound =
            close == 0x5D ? hasLetter(inside) : SoundWords.isSound(inside, isAlone: index == 0 && end + 1 == text.count)
        guard isSound else { return index + 1 }
        marks.append(Mark(kind: .sound, range: index..<end + 1))
        return end + 1
    }

    private func hasLetter(_ inside: Bytes) -> Bool {
        inside.buffer.contains { $0.isLetter || $0 >= 0x80 || $0 == 0x5F }
    }

    /// `♩` to `♬`, `🎵`, `🎶`.
    private mutating func takeNote(at index: Int) -> Int {
        let (second, third, fourth) = (text.at(index + 1), text.at(index + 2), text.at(index + 3))
        var length = 0
        if text[index] == 0xE2, second == 0x99, (0xA9...0xAC).contains(third) { length = 3 }
        if text[index] == 0xF0, second == 0x9F, third == 0x8E, (0xB5...0xB6).contains(fourth) { length = 4 }
        guard length > 0, index + length <= text.count else { return index + 1 }
        marks.append(Mark(kind: .sound, range: index..<index + length))
        return index + length
    }
}

/// Words before a colon that may be a speaker's name.
struct NameCandidate {
    let range: Range<Int>
    let words: Int
    /// Whether it has at least two letters and none of them small (`ALICE`, `DR. SMITH`, `SPEAKER 1`).
    let isUpperCase: Bool

    /// The candidate at `index`: capitalised words, then a colon (a space before it, as in French, is fine), then a space or
    /// the end.
    init?(_ text: Bytes, at index: Int) {
        let limit = min(text.count, index + MarkScanner.maximumNameBytes)
        var (end, words, letters, small, isStart) = (index, 0, 0, false, true)
        while end < limit, text[end] != 0x3A {
            let byte = text[end]
            if byte == 0x20 {
                isStart = true
            } else {
                if isStart, !byte.isUpper, !byte.isDigit, byte < 0xC3, text.at(end + 1) != 0x3A { return nil }
                if isStart { words += 1 }
                isStart = false
                if byte.isLetter { letters += 1 }
                if byte.isLetter, !byte.isUpper { small = true }
                guard byte.isLetter || byte.isDigit || byte >= 0x80 || [0x2E, 0x27, 0x2D, 0x26].contains(byte) else {
                    return nil
                }
            }
            end += 1
        }
        guard end < limit, text[end] == 0x3A, words > 0, text.at(end + 1) == 0x20 || end + 1 == text.count else {
            return nil
        }
        guard text[index].isLetter || text[index] >= 0xC3 else { return nil }
        while end > index, text[end - 1] == 0x20 { end -= 1 }
        range = index..<end
        self.words = words
        isUpperCase = letters >= 2 && !small
    }
}

/// Which words in round brackets describe a sound.
enum SoundWords {
    private static let known = Set(
        """
        applause applauds music laughter laughs laughing laugh chuckles chuckling giggles cheering cheers cheer sighs sigh \
        coughs coughing inaudible unintelligible crosstalk silence gasps sobbing crying whispering singing clapping snorts \
        sniffs noise beep bleep applaudissements rires rire musique huées aplausos risas música musik applaus gelächter lachen \
        applausi risate musica risos palmas 音楽 拍手 笑 笑い 笑声 掌声 音乐 аплодисменты смех музыка تصفيق موسيقى ضحك
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))

    /// Whether `(inside)` is a sound: a known word, capitals, or a short description that is the whole cue.
    static func isSound(_ inside: Bytes, isAlone: Bool) -> Bool {
        guard inside.count > 0 else { return false }
        let words = inside.string.lowercased().split(separator: " ")
        if words.count <= 6, words.contains(where: { known.contains(String($0)) }) { return true }
        let letters = inside.buffer.filter(\.isLetter)
        if letters.count >= 4, letters.allSatisfy(\.isUpper) { return true }
        guard isAlone, words.count <= 4, inside[0].isUpper || inside[0] >= 0xC3 else { return false }
        return !inside.buffer.contains { [0x2C, 0x2E, 0x3A, 0x3F, 0x21].contains($0) }
    }
}
