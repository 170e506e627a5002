package import Database
internal import Foundation
internal import Synchronization

/// The id of one kind of row: a UUIDv7 as lower-case text, so that ids sort by the time they were made.
package struct Identifier<Entity>: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The id as it is stored and sent.
    package let description: String

    /// An id that was read from somewhere, or nil where the text is not a UUID.
    package init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        description = uuid.uuidString.lowercased()
    }

    /// A new id (RFC 9562, version 7: 48 bits of milliseconds, then random bits).
    package init() {
        description = UUID.version7(at: VersionSevenClock.next()).uuidString.lowercased()
    }

    /// Sorts before every id: where a list begins that has no cursor.
    static var lowest: Self { Self(description: "00000000-0000-0000-0000-000000000000") }

    private init(description: String) {
        self.description = description
    }

    package static func < (one: Self, other: Self) -> Bool { one.description < other.description }
}

extension Identifier: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = Identifier(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a UUID")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Identifier: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .text(description) }

    package static func decode(_ value: SQLValue) throws -> Self {
        let text = try String.decode(value)
        guard let id = Identifier(text) else { throw MalformedIdentifier(text: text) }
        return id
    }
}

/// A column that should hold an id and does not.
struct MalformedIdentifier: Error, CustomStringConvertible {
    let text: String
    var description: String { "expected a UUID, found \(text.prefix(40).debugDescription)" }
}

/// A clock that never gives one moment twice, so that ids made in one process sort in the order they were made.
private enum VersionSevenClock {
    private static let last = Mutex<UInt64>(0)

    /// Microseconds since 1970, later than every one given before.
    static func next() -> UInt64 {
        let now = UInt64(max(0, Date().timeIntervalSince1970 * 1_000_000))
        return last.withLock { last in
            last = max(now, last + 1)
            return last
        }
    }
}

extension UUID {
    /// A version 7 UUID for a moment in microseconds since 1970: 48 bits of milliseconds, 12 bits of the
    /// millisecond's fraction, 62 random bits (RFC 9562, section 6.2, method 3).
    static func version7(at microseconds: UInt64) -> UUID {
        var bytes = UUID().uuid
        let milliseconds = microseconds / 1000
        let fraction = (microseconds % 1000) * 4096 / 1000
        bytes.0 = UInt8(truncatingIfNeeded: milliseconds >> 40)
        bytes.1 = UInt8(truncatingIfNeeded: milliseconds >> 32)
        bytes.2 = UInt8(truncatingIfNeeded: milliseconds >> 24)
        bytes.3 = UInt8(truncatingIfNeeded: milliseconds >> 16)
        bytes.4 = UInt8(truncatingIfNeeded: milliseconds >> 8)
        bytes.5 = UInt8(truncatingIfNeeded: milliseconds)
        bytes.6 = UInt8(truncatingIfNeeded: fraction >> 8) | 0x70
        bytes.7 = UInt8(truncatingIfNeeded: fraction)
        bytes.8 = (bytes.8 & 0x3F) | 0x80
        return UUID(uuid: bytes)
    }
}

package typealias VideoID = Identifier<Video>
package typealias ChannelID = Identifier<Channel>
package typealias SessionID = Identifier<ChatSession>
package typealias MessageID = Identifier<ChatMessage>
/// One question and its answer.
package enum Run {}
package typealias RunID = Identifier<Run>
