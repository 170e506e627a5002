internal import Foundation
internal import NIOCore

/// A form with a file in it, as browsers and curl send it (RFC 7578): taken apart without copying the contents.
struct MultipartForm: Sendable {
    /// The most parts that are read.
    static let maximumParts = 32
    /// The most bytes of the headers of one part.
    static let maximumHeaderBytes = 8 << 10
    /// The most bytes of a field that is text.
    static let maximumFieldBytes = 16 << 10
    /// The longest file name, as file systems have it.
    static let maximumFileNameBytes = 255
    /// The longest boundary (RFC 2046).
    static let maximumBoundaryBytes = 70

    /// One field or file.
    struct Part: Sendable, Hashable {
        var name: String
        /// The last component of the file's name, nil where there is none that can be used.
        var fileName: String?
        var content: ByteBuffer
    }

    let parts: [Part]

    func part(_ name: String) -> Part? {
        parts.first { $0.name == name }
    }

    /// The text of a field, without white space at its ends; nil where it is not there or empty.
    ///
    /// - Throws: `MultipartError`.
    func text(_ name: String) throws(MultipartError) -> String? {
        guard let part = part(name) else { return nil }
        guard part.content.readableBytes <= Self.maximumFieldBytes else { throw .fieldTooLarge(name) }
        guard let text = String(validating: part.content.readableBytesView, as: UTF8.self) else {
            throw .malformed("the field \(name) is not UTF-8")
        }
        return text.trimmed.isEmpty ? nil : text.trimmed
    }
}

/// Why a form can't be read.
enum MultipartError: Error, Sendable, Hashable {
    case notMultipart
    case noBoundary
    case malformed(String)
    case missing(String)
    case tooManyParts
    case headersTooLarge
    case fieldTooLarge(String)
}

extension MultipartError: CustomStringConvertible {
    var description: String {
        switch self {
        case .notMultipart: "Expected a form with a file (Content-Type: multipart/form-data)."
        case .noBoundary: "Content-Type: expected a boundary of 1 to \(MultipartForm.maximumBoundaryBytes) bytes."
        case .malformed(let reason): "The form can't be read: \(reason)."
        case .missing(let name): "\(name) is missing."
        case .tooManyParts: "The form has more than \(MultipartForm.maximumParts) parts."
        case .headersTooLarge: "The headers of a part are larger than \(MultipartForm.maximumHeaderBytes) bytes."
        case .fieldTooLarge(let name): "\(name): expected at most \(MultipartForm.maximumFieldBytes) bytes."
        }
    }
}

extension MultipartForm {
    /// Takes a body apart at its boundary.
    init(_ body: ByteBuffer, boundary: String) throws(MultipartError) {
        let delimiter = Array("--\(boundary)".utf8)
        var body = body
        guard let first = body.offset(of: delimiter) else { throw .malformed("its boundary does not occur") }
        guard first == 0 || body.endsLine(before: first) else { throw .malformed("its boundary is inside a line") }
        body.moveReaderIndex(forwardBy: first + delimiter.count)
        var parts: [Part] = []
        while !body.startsWith("--") {
            guard parts.count < Self.maximumParts else { throw .tooManyParts }
            parts.append(try Self.readPart(&body, delimiter: Array("\r\n".utf8) + delimiter))
        }
        self.parts = parts
    }

    /// Reads from behind one boundary to behind the next.
    private static func readPart(_ body: inout ByteBuffer, delimiter: [UInt8]) throws(MultipartError) -> Part {
        body.skipSpaces()
        guard body.startsWith("\r\n") else { throw .malformed("a boundary is not alone in its line") }
        // The line end before the headers belongs to the search: a part may have no headers at all.
        guard let headerLength = body.offset(of: Array("\r\n\r\n".utf8), within: maximumHeaderBytes) else {
            throw body.readableBytes > maximumHeaderBytes
                ? .headersTooLarge : .malformed("the headers of a part do not end")
        }
        guard let header = body.readSlice(length: headerLength) else { throw .malformed("it ends too early") }
        body.moveReaderIndex(forwardBy: 4)
        let disposition = try ContentDisposition(header)
        // An empty content may share its line end with the headers' empty line.
        guard let length = body.offset(of: delimiter), let content = body.readSlice(length: length) else {
            throw .malformed("its last part does not end with the boundary")
        }
        body.moveReaderIndex(forwardBy: delimiter.count)
        return Part(name: disposition.name, fileName: disposition.fileName, content: content)
    }

    /// The boundary that a `Content-Type` names.
    static func boundary(of contentType: String?) throws(MultipartError) -> String {
        guard let contentType else { throw .notMultipart }
        let header = HeaderParameters(contentType)
        guard header.value.lowercased() == "multipart/form-data" else { throw .notMultipart }
        guard let boundary = header["boundary"], (1...maximumBoundaryBytes).contains(boundary.utf8.count) else {
            throw .noBoundary
        }
        return boundary
    }
}

extension ByteBuffer {
    /// How far the first occurrence of `bytes` is from the reader index.
    fileprivate func offset(of bytes: [UInt8], within limit: Int = .max) -> Int? {
        withUnsafeReadableBytes { buffer in
            guard let base = buffer.baseAddress, let first = bytes.first else { return nil }
            var position = 0
            let last = Swift.min(buffer.count, limit) - bytes.count
            while position <= last {
                guard let found = memchr(base + position, Int32(first), last - position + 1) else { return nil }
                position = UnsafeRawPointer(found) - base
                if memcmp(found, bytes, bytes.count) == 0 { return position }
                position += 1
            }
            return nil
        }
    }

    fileprivate func startsWith(_ text: StaticString) -> Bool {
        readableBytesView.starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    fileprivate func endsLine(before offset: Int) -> Bool {
        offset >= 2 && getInteger(at: readerIndex + offset - 2, as: UInt16.self) == 0x0D0A
    }

    /// Spaces behind a boundary mean nothing (RFC 2046).
    fileprivate mutating func skipSpaces() {
        while let byte = getInteger(at: readerIndex, as: UInt8.self), byte == 0x20 || byte == 0x09 {
            moveReaderIndex(forwardBy: 1)
        }
    }
}
