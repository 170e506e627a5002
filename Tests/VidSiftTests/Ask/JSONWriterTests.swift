import Foundation
import NIOCore
import Testing

@testable import VidSift

@Suite struct JSONWriterTests {
    @Test(
        "any text comes back as it was",
        arguments: [
            "", "plain", "\"quoted\" \\ back", "line\nend\r\ttab\u{0}\u{1F}\u{7F}", "</script><!--", "日本語 👩‍👩‍👧 é e\u{301}",
            "\u{2028}\u{2029}\u{2027}", "\u{FFFD}\u{FEFF}",
        ])
    func roundTrip(text: String) throws {
        var writer = JSONWriter()
        writer.object { json in
            json.field("text", text)
            json.field("none", String?.none)
        }
        let json = String(buffer: writer.buffer)
        let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(parsed?["text"] as? String == text)
        #expect(!json.contains("<") && !json.contains("\n"))
    }

    @Test(
        "numbers have at most three digits after the point",
        arguments: [
            (0.0, "0"), (83.2, "83.2"), (1.0005, "1.001"), (-2.5, "-2.5"), (-0.25, "-0.25"), (12.34, "12.34"),
            (100.0, "100"), (0.1, "0.1"), (0.05, "0.05"), (.infinity, "null"), (.nan, "null"),
        ])
    func numbers(value: Double, expected: String) {
        var writer = JSONWriter()
        writer.array([value]) { $0.number($1) }
        #expect(String(buffer: writer.buffer) == "[\(expected)]")
    }

    @Test("nested values are separated by commas, once")
    func nesting() {
        var writer = JSONWriter()
        writer.object { json in
            json.field("a", 1)
            json.key("b")
            json.array([1, 2]) { json, number in json.object { $0.field("n", number) } }
            json.field("c", true)
            json.key("d")
            json.object { _ in }
        }
        #expect(String(buffer: writer.buffer) == #"{"a":1,"b":[{"n":1},{"n":2}],"c":true,"d":{}}"#)
    }
}
