/// Splits XML into tags and text; tolerant, linear, expands no entity of its own.
///
/// No tree and no stack: depth costs nothing. DOCTYPE (with its entity declarations), comments and processing instructions
/// are skipped, so an entity bomb stays a few unknown names. A `<` that begins no tag is text.
struct XMLReader {
    /// One piece of a document; names come without their namespace prefix.
    enum Token {
        case open(name: Bytes, attributes: XMLAttributes, isEmpty: Bool)
        case close(name: Bytes)
        case text(Bytes)
        /// The inside of a CDATA section: no entities.
        case literal(Bytes)
    }

    private let bytes: Bytes
    private(set) var position = 0

    init(_ bytes: Bytes) {
        self.bytes = bytes
    }

    /// The next piece, or nil at the end.
    mutating func next() -> Token? {
        while position < bytes.count {
            guard bytes[position] == 0x3C else { return text() }
            let second = bytes.at(position + 1)
            if second == 0x21 {
                if let literal = skipDeclaration() { return literal }
            } else if second == 0x3F {
                position = end(of: "?>", from: position + 2)
            } else if second.isLetter || second == 0x2F || second == 0x5F, let end = tagEnd() {
                return tag(end)
            } else {
                return text()
            }
        }
        return nil
    }

    /// Text up to the next `<`; a `<` at its beginning belongs to it.
    private mutating func text() -> Token {
        let start = position
        position = bytes.first(0x3C, from: start + 1, to: bytes.count)
        return .text(bytes[start..<position])
    }

    /// Where the tag's `>` stands; a `<` ends the search, so that the whole stays linear.
    private func tagEnd() -> Int? {
        var (index, quote, fallback): (Int, UInt8, Int?) = (position + 1, 0, nil)
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x3C { return fallback }
            if byte == 0x3E {
                if quote == 0 { return index }
                fallback = fallback ?? index
            } else if byte == quote {
                quote = 0
            } else if quote == 0, byte == 0x22 || byte == 0x27 {
                quote = byte
            }
            index += 1
        }
        return fallback
    }

    private mutating func tag(_ end: Int) -> Token {
        let isClosing = bytes[position + 1] == 0x2F
        var inside = bytes[position + (isClosing ? 2 : 1)..<end]
        position = end + 1
        var isEmpty = false
        if inside.count > 0, inside[inside.count - 1] == 0x2F {
            isEmpty = true
            inside = inside[0..<inside.count - 1]
        }
        var nameEnd = 0
        while nameEnd < inside.count, !inside[nameEnd].isSpace { nameEnd += 1 }
        let name = inside[0..<nameEnd].withoutPrefix
        if isClosing { return .close(name: name) }
        return .open(name: name, attributes: XMLAttributes(inside[nameEnd..<inside.count]), isEmpty: isEmpty)
    }

    /// A comment, a CDATA section (returned), or a DOCTYPE.
    private mutating func skipDeclaration() -> Token? {
        if bytes.hasPrefix("<!--", at: position) {
            position = end(of: "-->", from: position + 4)
        } else if bytes.hasPrefix("<![cdata[", at: position) {
            let start = position + 9
            position = end(of: "]]>", from: start)
            return .literal(bytes[start..<max(start, position - (position == bytes.count ? 0 : 3))])
        } else {
            skipDocumentType()
        }
        return nil
    }

    private mutating func skipDocumentType() {
        var depth = 0
        while position < bytes.count {
            switch bytes[position] {
            case 0x5B: depth += 1
            case 0x5D: depth -= 1
            case 0x3E where depth <= 0:
                position += 1
                return
            default: break
            }
            position += 1
        }
    }

    /// The first byte after `mark`, or the end.
    private func end(of mark: StaticString, from: Int) -> Int {
        var index = min(from, bytes.count)
        while true {
            index = bytes.first(mark.utf8Start[0], from: index, to: bytes.count)
            if index == bytes.count { return index }
            if bytes.hasPrefix(mark, at: index) { return index + mark.utf8CodeUnitCount }
            index += 1
        }
    }
}

/// The attributes of one tag, looked up where they stand.
struct XMLAttributes {
    private let bytes: Bytes

    init(_ bytes: Bytes) {
        self.bytes = bytes
    }

    /// The raw value of the attribute with this local name (lower case, any namespace).
    func value(_ name: StaticString) -> Bytes? {
        var index = 0
        while let attribute = next(&index) {
            if attribute.name.isEqual(to: name) { return attribute.value }
        }
        return nil
    }

    /// A whole number of milliseconds.
    func integer(_ name: StaticString) -> Int? {
        guard let text = value(name)?.trimmed, text.count > 0, text.count < 20 else { return nil }
        if let whole = Int(text.string) { return min(max(whole, -1 << 50), 1 << 50) }
        return Double(text.string).flatMap { $0.isFinite ? Int(min(max($0, -1e15), 1e15).rounded()) : nil }
    }

    private func next(_ index: inout Int) -> (name: Bytes, value: Bytes)? {
        while bytes.at(index).isSpace { index += 1 }
        let start = index
        while index < bytes.count, bytes[index] != 0x3D, !bytes[index].isSpace { index += 1 }
        guard index > start || bytes.at(index) == 0x3D else { return nil }
        let name = bytes[start..<index].withoutPrefix
        while bytes.at(index).isSpace { index += 1 }
        guard bytes.at(index) == 0x3D else { return (name, bytes[index..<index]) }
        index += 1
        while bytes.at(index).isSpace { index += 1 }
        let quote = bytes.at(index)
        guard quote == 0x22 || quote == 0x27 else {
            let begin = index
            while index < bytes.count, !bytes[index].isSpace { index += 1 }
            return (name, bytes[begin..<index])
        }
        let end = bytes.first(quote, from: index + 1, to: bytes.count)
        defer { index = min(end + 1, bytes.count) }
        return (name, bytes[index + 1..<end])
    }
}

extension Bytes {
    /// A name without its namespace prefix.
    fileprivate var withoutPrefix: Bytes {
        let colon = first(0x3A, from: 0, to: count)
        return colon == count ? self : self[colon + 1..<count]
    }
}
