internal import Foundation
internal import HTTPTypes
internal import Hummingbird

extension Response {
    /// A JSON object; `write` is given it open.
    static func json(status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) -> Void) -> Response {
        var json = JSONWriter()
        json.object(write)
        return Response(
            status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: json.buffer))
    }

    /// A JSON object that begins with `"success":true`.
    static func success(status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) -> Void = { _ in }) -> Response {
        json(status: status) { json in
            json.field("success", true)
            write(&json)
        }
    }

    /// A text of another kind.
    static func text(_ text: String, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension JSONWriter {
    /// A moment as ISO 8601 in UTC, to the millisecond.
    mutating func field(_ name: StaticString, _ value: Date) {
        field(name, value.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }

    mutating func field(_ name: StaticString, _ value: Date?) {
        guard let value else {
            key(name)
            return null()
        }
        field(name, value)
    }
}

/// A page of a list: what was asked for, and what the next page is asked for with.
struct ListPage<Entry: Identifiable> where Entry.ID: CustomStringConvertible {
    let entries: ArraySlice<Entry>
    let cursor: String?

    /// - Parameter entries: one more than `limit` where there is a next page.
    init(_ entries: [Entry], limit: Int) {
        self.entries = entries.prefix(limit)
        cursor = entries.count > limit ? self.entries.last?.id.description : nil
    }
}
