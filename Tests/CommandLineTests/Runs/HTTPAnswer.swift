import Foundation
import Testing

/// An answer as its bytes come; what was cut off in the middle is read as far as it goes.
struct HTTPAnswer: Sendable {
    /// What the next byte belongs to.
    private enum Place {
        case head
        /// A body that lasts as long as the connection.
        case body
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case over
    }

    private var place = Place.head
    private var head: [UInt8] = []
    private var size: [UInt8] = []
    /// The body without what its transfer adds.
    private(set) var body: [UInt8] = []

    mutating func read(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { read(byte) }
    }

    private mutating func read(_ byte: UInt8) {
        switch place {
        case .head:
            head.append(byte)
            if head.suffix(4) == Self.emptyLine {
                place = headText.contains("transfer-encoding: chunked") ? .chunkSize : .body
            }
        case .body: body.append(byte)
        case .chunkSize:
            size.append(byte)
            guard byte == Self.lineEnd else { return }
            let text = String(decoding: size, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            let count = Int(text, radix: 16) ?? 0
            place = count > 0 ? .chunk(left: count) : .over
            size = []
        case .chunk(let left):
            body.append(byte)
            place = left > 1 ? .chunk(left: left - 1) : .chunkEnd
        case .chunkEnd: if byte == Self.lineEnd { place = .chunkSize }
        case .over: break
        }
    }

    private static let lineEnd = UInt8(ascii: "\n")
    private static let emptyLine = Array("\r\n\r\n".utf8)[...]

    private var headText: String { String(decoding: head, as: UTF8.self).lowercased() }

    /// Nil until it has come.
    var status: Int? { headText.split(separator: " ").dropFirst().first.flatMap { Int($0) } }

    /// The body as a JSON object.
    func json() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(body))
        return try #require(object as? [String: Any], "\(String(decoding: body, as: UTF8.self))")
    }
}
