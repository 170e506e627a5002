/// Reads server-sent events as a browser does: an event counts once its empty line is there.
struct EventSource {
    private(set) var data: [String] = []
    /// What the browser sends when it connects again.
    private(set) var lastEventID = ""

    /// - Parameter bytes: the stream, or the beginning of it.
    mutating func read(_ bytes: some Sequence<UInt8>) {
        var id = lastEventID
        var lines: [String] = []
        let all = Array(bytes).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What follows the last line end is no line yet.
        for line in all.dropLast() {
            let text = String(decoding: line, as: UTF8.self)
            if text.isEmpty {
                lastEventID = id
                if !lines.isEmpty { data.append(lines.joined(separator: "\n")) }
                lines = []
            } else if text.hasPrefix("id: ") {
                id = String(text.dropFirst(4))
            } else if text.hasPrefix("data: ") {
                lines.append(String(text.dropFirst(6)))
            }
        }
    }
}
