package import NIOCore

/// Writes JSON straight into a buffer: no tree, no intermediate string. Commas are its own business.
package struct JSONWriter: Sendable {
    package private(set) var buffer: ByteBuffer
    private var needsComma = false

    /// A writer that appends to `buffer`.
    package init(_ buffer: ByteBuffer = ByteBuffer()) {
        self.buffer = buffer
    }

    /// What was written.
    package var text: String { String(buffer: buffer) }

    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        enclose("{", "}", body)
    }

    package mutating func array<Element>(
        _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) {
        enclose("[", "]") { writer in
            for element in elements { body(&writer, element) }
        }
    }

    /// The key of the next value.
    package mutating func key(_ name: StaticString) {
        separate()
        buffer.writeStaticString("\"")
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
        needsComma = false
    }

    package mutating func string(_ value: String) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        writeEscaped(value)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    package mutating func integer(_ value: Int) {
        separate()
        buffer.writeString(String(value))
    }

    /// A number with at most three digits after the point; what is no number is written as null.
    package mutating func number(_ value: Double) {
        guard value.isFinite, abs(value) < 1e15 else { return null() }
        separate()
        let thousandths = Int((value * 1000).rounded())
        let sign = thousandths < 0 ? "-" : ""
        let fraction = abs(thousandths) % 1000
        var text = "\(sign)\(abs(thousandths) / 1000)"
        if fraction > 0 {
            var digits = String(1000 + fraction).dropFirst()
            while digits.last == "0" { digits.removeLast() }
            text += ".\(digits)"
        }
        buffer.writeString(text)
    }

    package mutating func bool(_ value: Bool) {
        separate()
        buffer.writeString(value ? "true" : "false")
    }

    package mutating func null() {
        separate()
        buffer.writeStaticString("null")
    }

    /// Text that is JSON already.
    package mutating func raw(_ json: String) {
        separate()
        buffer.writeString(json)
    }

    private mutating func enclose(_ open: StaticString, _ close: StaticString, _ body: (inout JSONWriter) -> Void) {
        separate()
        buffer.writeStaticString(open)
        needsComma = false
        body(&self)
        buffer.writeStaticString(close)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Quotes, backslashes and control characters are escaped; runs without them are copied whole. `<` is escaped,
    /// so that the JSON can stand inside HTML, and so are the two line ends that JavaScript knows and JSON doesn't.
    private mutating func writeEscaped(_ value: String) {
        var value = value
        value.withUTF8 { bytes in
            var start = 0
            for index in bytes.indices where Self.needsEscape(bytes, at: index) {
                buffer.writeBytes(bytes[start..<index])
                start = index + writeEscape(bytes, at: index)
            }
            buffer.writeBytes(bytes[start...])
        }
    }

    private static func needsEscape(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        switch bytes[index] {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), 0x7F: true
        case 0xE2: index + 2 < bytes.count && bytes[index + 1] == 0x80 && bytes[index + 2] & 0xFE == 0xA8
        default: false
        }
    }

    /// Writes the escape for what begins at `index`; returns how many bytes it stands for.
    private mutating func writeEscape(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        switch bytes[index] {
        case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
        case UInt8(ascii: "\n"): buffer.writeStaticString("\\n")
        case UInt8(ascii: "\r"): buffer.writeStaticString("\\r")
        case UInt8(ascii: "\t"): buffer.writeStaticString("\\t")
        case 0xE2:
            buffer.writeString(bytes[index + 2] == 0xA8 ? "\\u2028" : "\\u2029")
            return 3
        case let byte:
            let digits = String(byte, radix: 16)
            buffer.writeString("\\u00" + (digits.count == 1 ? "0" : "") + digits)
        }
        return 1
    }
}

extension JSONWriter {
    package mutating func field(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    package mutating func field(_ name: StaticString, _ value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    package mutating func field(_ name: StaticString, _ value: Int) {
        key(name)
        integer(value)
    }

    package mutating func field(_ name: StaticString, _ value: Bool) {
        key(name)
        bool(value)
    }

    package mutating func field(_ name: StaticString, _ value: Double) {
        key(name)
        number(value)
    }
}
