import Testing

@testable import Providers

@Suite("Server-sent events")
struct ServerSentEventsTests {
    private static let cases: [(stream: String, events: [String])] = [
        ("data: a\n\n", ["a"]),
        ("data:a\n\ndata:  b\n\n", ["a", " b"]),
        ("data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]),
        ("data: a\r\rdata: b\r\r", ["a", "b"]),
        ("data: a\r\ndata: b\n\rdata: c\r\r", ["a\nb", "c"]),
        (": comment\n\n:\n\ndata: a\n: another\n\n", ["a"]),
        ("\u{FEFF}data: a\n\n\u{FEFF}data: b\n\n", ["a"]),
        ("data: {\ndata: \"a\": 1\ndata: }\n\n", ["{\n\"a\": 1\n}"]),
        ("event: delta\nid: 7\nretry: 100\ndata: a\n\n", ["a"]),
        ("data\n\ndata:\n\n\n\n", []),
        ("database: a\n\nDATA: a\n\n data: a\n\n", []),
        ("data: ü😀\n\n", ["ü😀"]),
        ("data: a: b\n\n", ["a: b"]),
    ]

    @Test("are the same however the stream is cut into pieces", arguments: cases)
    func pieces(stream: String, events: [String]) throws {
        let bytes = Array(stream.utf8)
        #expect(try Self.events(in: [bytes[...]]) == events)
        #expect(try Self.events(in: bytes.indices.map { bytes[$0...$0] }) == events)
        for cut in bytes.indices { #expect(try Self.events(in: [bytes[..<cut], bytes[cut...]]) == events) }
    }

    @Test(
        "count without their blank line when the stream ends",
        arguments: ["data: a\n", "data: a", "data: a\r", "data: a\r\n"])
    func unfinished(stream: String) throws {
        var events = ServerSentEvents()
        events.append(Array(stream.utf8))
        #expect(try !events.next())
        #expect(try events.end())
        #expect(events.data == Array("a".utf8))
    }

    @Test("are none at the end of a stream that ended well", arguments: ["", "data: a\n\n", ": comment", "\n"])
    func finished(stream: String) throws {
        var events = ServerSentEvents()
        events.append(Array(stream.utf8))
        while try events.next() {}
        #expect(try !events.end())
    }

    @Test("with a line that has no end are given up, as are events")
    func limits() {
        let endless = [UInt8](repeating: UInt8(ascii: ":"), count: 1 << 16)
        #expect(throws: ServerSentEvents.Failure.lineTooLong) { try Self.readForever(endless) }
        let line = Array("data:".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16) + [Byte.lineFeed]
        #expect(throws: ServerSentEvents.Failure.eventTooLarge) { try Self.readForever(line) }
    }

    private static func readForever(_ piece: [UInt8]) throws {
        var events = ServerSentEvents()
        for _ in 0..<100 {
            events.append(piece)
            while try events.next() {}
        }
    }

    private static func events(in pieces: [ArraySlice<UInt8>]) throws -> [String] {
        var events = ServerSentEvents()
        var found: [String] = []
        for piece in pieces {
            events.append(piece)
            while try events.next() { found.append(String(decoding: events.data, as: UTF8.self)) }
        }
        return found
    }
}
