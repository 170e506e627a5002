/// Cuts what comes in pieces into lines: a pure value.
struct LineSplitter: Sendable {
    private let limit: Int
    private var rest: [UInt8] = []

    /// - Parameter limit: The most bytes of one line.
    init(limit: Int) { self.limit = limit }

    /// The lines that `piece` completes, without their ends; empty ones are left out.
    ///
    /// - Throws: ``YtDlpError`` (`toolCrashed`) for a line beyond the limit.
    mutating func take(_ piece: ArraySlice<UInt8>) throws -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var piece = piece
        while let end = piece.firstIndex(of: UInt8(ascii: "\n")) {
            try add(piece[..<end])
            if let line = finish() { lines.append(line) }
            piece = piece[(end + 1)...]
        }
        try add(piece)
        return lines
    }

    /// What came after the last line's end.
    mutating func finish() -> ArraySlice<UInt8>? {
        defer { rest = [] }
        if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        return rest.isEmpty ? nil : rest[...]
    }

    private mutating func add(_ bytes: ArraySlice<UInt8>) throws {
        guard rest.count + bytes.count <= limit else {
            throw YtDlpError(.toolCrashed, detail: "a line of more than \(limit) bytes")
        }
        rest += bytes
    }
}

/// Hands over output line by line, one after the other.
actor OutputLines {
    private var splitter: LineSplitter
    private let receive: @Sendable (ArraySlice<UInt8>) async throws -> Void

    init(limit: Int, receive: @escaping @Sendable (ArraySlice<UInt8>) async throws -> Void) {
        splitter = LineSplitter(limit: limit)
        self.receive = receive
    }

    func take(_ piece: ArraySlice<UInt8>) async throws {
        for line in try splitter.take(piece) { try await receive(line) }
    }

    func end() async throws {
        if let line = splitter.finish() { try await receive(line) }
    }
}
