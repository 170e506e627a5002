import Foundation
import Testing

/// One event of the native stream as it was sent.
struct SentEvent: Sendable, Equatable, CustomStringConvertible {
    var number: Int
    /// With the empty line that ends it.
    var bytes: [UInt8]

    var description: String { String(decoding: bytes, as: UTF8.self) }

    /// The events whose end has come. What is not complete is nothing: that is how an EventSource reads.
    static func all(in body: some Collection<UInt8>) throws -> [SentEvent] {
        var events: [SentEvent] = []
        var bytes: [UInt8] = []
        for byte in body {
            bytes.append(byte)
            guard bytes.suffix(2) == emptyLine else { continue }
            // A comment says that the stream lives.
            if bytes.first != UInt8(ascii: ":") { events.append(try SentEvent(bytes)) }
            bytes = []
        }
        return events
    }

    private static let emptyLine = Array("\n\n".utf8)[...]

    private init(_ bytes: [UInt8]) throws {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let id = try #require(lines.first { $0.hasPrefix("id: ") }?.dropFirst(4))
        number = try #require(Int(id))
        self.bytes = bytes
    }

    /// Its JSON object.
    var fields: [String: Any] {
        get throws {
            let lines = description.split(separator: "\n")
            let data = try #require(lines.first { $0.hasPrefix("data: ") }?.dropFirst(6))
            return try #require(try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
        }
    }

    var type: String {
        get throws { try #require(try fields["type"] as? String) }
    }

    /// The run of the first event; nil of all others.
    var run: String? {
        get throws { try fields["runId"] as? String }
    }

    var isEnd: Bool {
        get throws { ["done", "error"].contains(try type) }
    }
}

extension [SentEvent] {
    /// The text of the answer.
    var text: String {
        get throws { try map { try $0.fields["content"] as? String ?? "" }.joined() }
    }

    func count(of type: String) throws -> Int { try count { try $0.type == type } }

    var bytes: [UInt8] { flatMap(\.bytes) }
}

/// A part of an answer as its readers see it, however its text was cut into events, and whichever run it was.
enum ToldPart: Equatable {
    case text([UInt8])
    /// An event with its fields in order.
    case event(String)

    static func all(of events: some Collection<SentEvent>) throws -> [ToldPart] {
        var parts: [ToldPart] = []
        for event in events {
            var fields = try event.fields
            if let text = fields["content"] as? String {
                guard case .text(let before)? = parts.last else {
                    parts.append(.text(Array(text.utf8)))
                    continue
                }
                parts[parts.count - 1] = .text(before + text.utf8)
            } else {
                fields["sessionId"] = nil
                fields["runId"] = nil
                let json = try JSONSerialization.data(withJSONObject: fields, options: .sortedKeys)
                parts.append(.event(String(decoding: json, as: UTF8.self)))
            }
        }
        return parts
    }
}

extension [ToldPart] {
    /// Whether this is how a whole answer begins.
    func begins(_ whole: [ToldPart]) -> Bool {
        guard let last else { return true }
        guard count <= whole.count, dropLast() == whole.prefix(count - 1) else { return false }
        if case (.text(let begun), .text(let complete)) = (last, whole[count - 1]) {
            return complete.starts(with: begun)
        }
        return last == whole[count - 1]
    }
}
