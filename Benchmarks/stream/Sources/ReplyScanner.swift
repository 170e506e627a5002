/// Reads what a measurement needs from the bytes of an answer, whatever form its events have: the stamps, and its end.
struct ReplyScanner: Sendable {
    /// How many bytes are kept of what a failed answer says.
    static let maximumComplaint = 300

    private var stamps = StampReader()
    /// What the native form, the one of OpenAI, and either one's failure can be told by.
    private var ends = [Pattern(#""type":"done""#), Pattern("[DONE]")]
    private var failures = [Pattern(#""type":"error""#), Pattern(#""error":{"#)]

    private(set) var hasEnd = false
    private(set) var hasFailure = false
    private(set) var complaint: [UInt8] = []

    mutating func read(_ bytes: some Sequence<UInt8>, onStamp: (Stamp) -> Void) {
        for byte in bytes {
            if let stamp = stamps.read(byte) { onStamp(stamp) }
            for index in ends.indices where ends[index].ends(with: byte) { hasEnd = true }
            for index in failures.indices where failures[index].ends(with: byte) { hasFailure = true }
            if hasFailure { keep(byte) }
        }
    }

    /// Of a refusal, which has no events.
    mutating func readRefusal(_ bytes: some Sequence<UInt8>) {
        hasFailure = true
        for byte in bytes { keep(byte) }
    }

    private mutating func keep(_ byte: UInt8) {
        if complaint.count < Self.maximumComplaint { complaint.append(byte) }
    }

    /// A text that is looked for. Its beginning must not occur in it again.
    private struct Pattern {
        private let bytes: [UInt8]
        private var place = 0

        init(_ text: String) { bytes = Array(text.utf8) }

        mutating func ends(with byte: UInt8) -> Bool {
            if byte == bytes[place] {
                place += 1
            } else {
                place = byte == bytes[0] ? 1 : 0
            }
            guard place == bytes.count else { return false }
            place = 0
            return true
        }
    }
}
