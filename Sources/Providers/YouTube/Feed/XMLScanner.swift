/// Walks through an XML document, element by element, without making a tree of it.
///
/// It reads what feeds are made of and nothing more: a document type, and with it every entity of its own, is refused,
/// so that nothing can expand and nothing is fetched. Names keep their prefixes.
struct XMLScanner {
    /// Why it can't be read; the description completes "can't be read: …".
    struct Malformed: Error, Equatable, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    enum Event: Equatable {
        case start(name: String, attributes: [String: String])
        /// Text between tags, its entities resolved; one text may come in several pieces.
        case text(String)
        case end(name: String)
    }

    private static let maximumDepth = 64
    private static let maximumAttributes = 64
    private static let maximumNameBytes = 256

    private let bytes: [UInt8]
    private var position = 0
    /// The names of the elements that are open.
    private var open: [String] = []
    private var hasRoot = false
    /// The end of an element that was written as one tag.
    private var isClosing = false

    init(_ bytes: [UInt8]) throws(Malformed) {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Malformed("it is not UTF-8") }
        self.bytes = bytes
        _ = take("\u{FEFF}")
    }

    /// The next event; nil at the end.
    mutating func next() throws(Malformed) -> Event? {
        if isClosing {
            isClosing = false
            return .end(name: open.removeLast())
        }
        while position < bytes.count {
            if bytes[position] != UInt8(ascii: "<") {
                guard let text = try text() else { continue }
                return .text(text)
            }
            if take("<!--") {
                try skip(past: "-->")
            } else if take("<![CDATA[") {
                guard !open.isEmpty else { throw Malformed("there is text outside of its elements") }
                let start = position
                try skip(past: "]]>")
                return .text(String(decoding: bytes[start..<position - 3], as: UTF8.self))
            } else if take("<?") {
                try skip(past: "?>")
            } else if take("<!") {
                throw Malformed("it declares a document type")
            } else if take("</") {
                return try endTag()
            } else {
                position += 1
                return try startTag()
            }
        }
        guard open.isEmpty, hasRoot else { throw Malformed(hasRoot ? "it is cut short" : "it is empty") }
        return nil
    }

    // MARK: Tags

    private mutating func startTag() throws(Malformed) -> Event {
        let name = try name()
        guard !open.isEmpty || !hasRoot else { throw Malformed("it has more than one root") }
        guard open.count < Self.maximumDepth else { throw Malformed("its elements are nested too deep") }
        var attributes: [String: String] = [:]
        while true {
            let hadBlank = skipBlanks()
            if take("/>") {
                isClosing = true
                break
            }
            if take(">") { break }
            guard hadBlank, attributes.count < Self.maximumAttributes else { throw broken }
            let (key, value) = try attribute()
            guard attributes.updateValue(value, forKey: key) == nil else { throw Malformed("an attribute comes twice") }
        }
        hasRoot = true
        open.append(name)
        return .start(name: name, attributes: attributes)
    }

    private mutating func endTag() throws(Malformed) -> Event {
        let name = try name()
        skipBlanks()
        guard take(">"), open.popLast() == name else { throw Malformed("its tags do not match") }
        return .end(name: name)
    }

    private mutating func attribute() throws(Malformed) -> (String, String) {
        let key = try name()
        skipBlanks()
        guard take("=") else { throw broken }
        skipBlanks()
        guard position < bytes.count else { throw broken }
        let quote = bytes[position]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw broken }
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != quote {
            guard bytes[position] != UInt8(ascii: "<") else { throw broken }
            position += 1
        }
        guard position < bytes.count else { throw broken }
        defer { position += 1 }
        return (key, try resolved(bytes[start..<position]))
    }

    private mutating func name() throws(Malformed) -> String {
        let start = position
        while position < bytes.count, Self.isNameByte(bytes[position]) { position += 1 }
        guard start < position, position - start <= Self.maximumNameBytes else { throw broken }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: true
        default: ":_-.".utf8.contains(byte)
        }
    }

    // MARK: Text

    /// Nil for blanks outside of the root.
    private mutating func text() throws(Malformed) -> String? {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
        if open.isEmpty {
            guard bytes[start..<position].allSatisfy(Self.isBlank) else {
                throw Malformed("there is text outside of its elements")
            }
            return nil
        }
        return try resolved(bytes[start..<position])
    }

    /// The text that `raw` stands for. A reference is never shorter than what it stands for, so nothing grows.
    private func resolved(_ raw: ArraySlice<UInt8>) throws(Malformed) -> String {
        guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
        var text = ""
        var rest = raw
        while let mark = rest.firstIndex(of: UInt8(ascii: "&")) {
            text += String(decoding: rest[..<mark], as: UTF8.self)
            rest = rest[(mark + 1)...]
            // The longest is `&#x10FFFF;`.
            guard let end = rest.prefix(10).firstIndex(of: UInt8(ascii: ";")),
                let scalar = Self.scalar(String(decoding: rest[..<end], as: UTF8.self))
            else { throw Malformed("it has an entity that is not known") }
            text.unicodeScalars.append(scalar)
            rest = rest[(end + 1)...]
        }
        return text + String(decoding: rest, as: UTF8.self)
    }

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        let isHexadecimal = name.hasPrefix("#x")
        guard name.hasPrefix("#"), name.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let value = UInt32(name.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10),
            value >= 0x20 || value == 9 || value == 10 || value == 13
        else { return nil }
        return Unicode.Scalar(value)
    }

    // MARK: Bytes

    private var broken: Malformed { Malformed(position < bytes.count ? "a tag is not well-formed" : "it is cut short") }

    private mutating func take(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    private mutating func skip(past text: String) throws(Malformed) {
        while position < bytes.count {
            if take(text) { return }
            position += 1
        }
        throw Malformed("it is cut short")
    }

    @discardableResult
    private mutating func skipBlanks() -> Bool {
        let start = position
        while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
        return position > start
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B }
}
