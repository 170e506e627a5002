/// What in a cue's text is not literal.
enum Markup {
    /// Nothing.
    case none
    /// `&amp;`.
    case entities
    /// Entities and WebVTT's tags, with word times and voices.
    case webVTT
    /// Entities, HTML-like tags, and `{\an8}`.
    case subRip
    /// Entities and HTML-like tags.
    case html

    var hasTags: Bool { self == .webVTT || self == .subRip || self == .html }
}

/// A cue's text as people read it: tags taken out, entities decoded, white space collapsed, invisible characters dropped.
extension Draft {
    /// How long a tag may be; a longer one is text.
    static let maximumTagBytes = 1024

    /// Appends one line, or a piece of one.
    mutating func appendText(_ text: Bytes, markup: Markup) {
        var index = 0
        while index < text.count {
            let run = plainRun(text, from: index)
            if run > index {
                appendVisible(text[index..<run])
                index = run
                if index == text.count { return }
            }
            let byte = text[index]
            switch byte {
            case 0x0A, 0x0D:
                appendSpace(isLineEnd: true)
                index += 1
            case 0x09, 0x0B, 0x0C, 0x20:
                appendSpace()
                index += 1
            case 0x3C where markup.hasTags:
                index = appendTag(text, at: index)
            case 0x26 where markup != .none:
                index = appendEntity(text, at: index)
            case 0x7B where markup == .subRip && text.at(index + 1) == 0x5C:
                index = skipOverride(text, at: index)
            case ..<0x20, 0x7F:
                index += 1
            case 0xC2, 0xE1, 0xE2, 0xE3, 0xEF:
                index = appendSpecial(text, at: index)
            default:
                appendVisible(byte)
                index += 1
            }
        }
    }

    /// The end of the run of bytes that are taken as they are; a single space between two of them belongs to it.
    @inline(__always)
    private func plainRun(_ text: Bytes, from: Int) -> Int {
        var index = from
        while index < text.count {
            let byte = text[index]
            if CueBytes.isPlain(byte) {
                index += 1
            } else if byte == 0x20, index > from, index + 1 < text.count, CueBytes.isPlain(text[index + 1]) {
                index += 2
            } else {
                break
            }
        }
        return index
    }

    /// A character whose lead byte may be that of a space or of something invisible.
    private mutating func appendSpecial(_ text: Bytes, at index: Int) -> Int {
        let length = text[index] == 0xC2 ? 2 : 3
        guard index + length <= text.count else { return index + 1 }
        switch CueBytes.kind(text[index], text[index + 1], text.at(index + 2)) {
        case .visible: appendVisible(text[index..<index + length])
        case .space: appendSpace()
        case .invisible: break
        }
        return index + length
    }

    private mutating func appendEntity(_ text: Bytes, at index: Int) -> Int {
        guard let (scalar, next) = Entities.decode(text, at: index) else {
            appendVisible(text[index])
            return index + 1
        }
        appendScalar(scalar)
        return next
    }

    /// Appends one character, or the space or nothing that it stands for.
    mutating func appendScalar(_ scalar: Unicode.Scalar) {
        if scalar == "\n" || scalar == "\r" { return appendSpace(isLineEnd: true) }
        if scalar.value < 0x21 || scalar.value == 0x7F {
            if UInt8(truncatingIfNeeded: scalar.value).isSpace { appendSpace() }
            return
        }
        let utf8 = Array(String(scalar).utf8)
        utf8.withUnsafeBufferPointer { buffer in
            let bytes = Bytes(buffer)
            switch bytes[0] {
            case 0xC2, 0xE1, 0xE2, 0xE3, 0xEF: _ = appendSpecial(bytes, at: 0)
            default: appendVisible(bytes)
            }
        }
    }

    /// Takes out one tag; a `<` that begins none is text.
    @inline(__always)
    private mutating func appendTag(_ text: Bytes, at index: Int) -> Int {
        let first = text.at(index + 1)
        let limit = min(text.count, index + Draft.maximumTagBytes)
        guard first == 0x2F || first.isLetter || first.isDigit else {
            appendVisible(text[index])
            return index + 1
        }
        var end = index + 1
        while end < limit, text[end] != 0x3E, text[end] != 0x3C { end += 1 }
        guard end < limit, text[end] == 0x3E else {
            appendVisible(text[index])
            return index + 1
        }
        if first.isDigit {
            guard let time = TimeStamp(text, at: index + 1), time.end == end, time.parts > 1 else {
                appendVisible(text[index])
                return index + 1
            }
            appendStamp(time.milliseconds)
        } else if first | 0x20 == 0x76 {
            takeVoice(text[index + 2..<end])
        } else if first | 0x20 == 0x62, text.at(index + 2) | 0x20 == 0x72, !text.at(index + 3).isLetter {
            appendSpace(isLineEnd: true)
        }
        return end + 1
    }

    /// `<v.class Name>`: the first voice of a cue is its speaker.
    private mutating func takeVoice(_ annotation: Bytes) {
        var index = 0
        while index < annotation.count, annotation[index] != 0x20, annotation[index] != 0x09 { index += 1 }
        guard index == 0 || annotation[0] == 0x2E, speaker < 0 else { return }
        let name = annotation[index..<annotation.count].trimmed
        if name.count > 0 { speaker = speaker(named: name) }
    }

    /// `{\an8}` and the like.
    private mutating func skipOverride(_ text: Bytes, at index: Int) -> Int {
        let limit = min(text.count, index + Draft.maximumTagBytes)
        var end = index + 1
        while end < limit, text[end] != 0x7D, text[end] != 0x7B { end += 1 }
        if end < limit, text[end] == 0x7D { return end + 1 }
        appendVisible(text[index])
        return index + 1
    }
}

/// Which bytes of a cue's text need a second look.
enum CueBytes {
    /// What a character is to a reader.
    enum Kind { case visible, space, invisible }

    private static let asciiLow: UInt64 = ~0x1_0000_0000 & ~0xFFFF_FFFF & ~(1 << 0x26) & ~(1 << 0x3C)
    private static let asciiHigh: UInt64 = ~(1 << 0x3F) & ~(1 << 0x3B)
    private static let lead: UInt64 = ~(1 << 0x02 | 1 << 0x21 | 1 << 0x22 | 1 << 0x23 | 1 << 0x2F)

    /// Taken as it is wherever it stands.
    @inline(__always)
    static func isPlain(_ byte: UInt8) -> Bool {
        let bits = byte < 0x80 ? (byte < 0x40 ? asciiLow : asciiHigh) : (byte < 0xC0 ? ~0 : lead)
        return bits >> UInt64(byte & 0x3F) & 1 == 1
    }

    /// What the character with these first bytes is.
    static func kind(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Kind {
        switch (first, second, third) {
        case (0xC2, 0xA0, _), (0xC2, 0x85, _): return .space
        case (0xC2, 0xAD, _), (0xC2, 0x80...0x9F, _): return .invisible
        case (0xE1, 0x9A, 0x80): return .space
        case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF): return .space
        case (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80): return .space
        case (0xE2, 0x80, 0x8B), (0xE2, 0x80, 0x8E), (0xE2, 0x80, 0x8F), (0xE2, 0x80, 0xAA...0xAE): return .invisible
        case (0xE2, 0x81, 0xA0), (0xE2, 0x81, 0xA6...0xA9), (0xEF, 0xBB, 0xBF): return .invisible
        default: return .visible
        }
    }
}
