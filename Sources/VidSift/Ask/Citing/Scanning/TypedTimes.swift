/// Finds times of the form `1:23` and `1:02:03` in a run of digits and the signs that stand in times.
enum TypedTimes {
    /// A part of the run: a time, or what is none.
    struct Piece: Sendable, Hashable {
        var scalars: ArraySlice<Unicode.Scalar>
        var isTime: Bool
    }

    /// Whether a character can stand in a run after its first digit.
    static func continues(_ scalar: Unicode.Scalar) -> Bool {
        scalar.digit != nil || isColon(scalar) || scalar == "." || scalar == "-" || scalar == "–" || scalar == "—"
    }

    /// Cuts a run at its times.
    static func pieces(of run: [Unicode.Scalar]) -> [Piece] {
        var pieces: [Piece] = []
        var rest = 0
        var at = 0
        while at < run.count {
            guard run[at].digit != nil, let end = endOfTime(in: run, from: at) else {
                at = run[at].digit == nil ? at + 1 : endOfDigits(in: run, from: at)
                continue
            }
            if rest < at { pieces.append(Piece(scalars: run[rest..<at], isTime: false)) }
            pieces.append(Piece(scalars: run[at..<end], isTime: true))
            at = end
            rest = end
        }
        if rest < run.count { pieces.append(Piece(scalars: run[rest...], isTime: false)) }
        return pieces
    }

    /// The time as it is compared: with plain digits and colons, without fraction.
    static func name(_ time: ArraySlice<Unicode.Scalar>) -> String {
        var name = ""
        for scalar in time {
            guard scalar != "." else { break }
            name += scalar.digit.map(String.init) ?? ":"
        }
        return name
    }

    /// The times that stand in a text.
    static func all(in text: String) -> Set<String> {
        guard mayHoldTime(text) else { return [] }
        var times: Set<String> = []
        var run: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            if scalar.digit != nil || (!run.isEmpty && continues(scalar)) {
                run.append(scalar)
            } else if !run.isEmpty {
                times.formUnion(pieces(of: run).filter(\.isTime).map { name($0.scalars) })
                run.removeAll()
            }
        }
        return times.union(pieces(of: run).filter(\.isTime).map { name($0.scalars) })
    }

    /// Whether a digit stands before a colon or something beyond ASCII, which may be one.
    private static func mayHoldTime(_ text: String) -> Bool {
        var isBehindDigit = false
        return text.utf8.contains { byte in
            defer { isBehindDigit = byte >= 0x30 && byte <= 0x39 }
            return byte >= 0xEF || isBehindDigit && (byte == UInt8(ascii: ":") || byte >= 0x80)
        }
    }

    private static func isColon(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ":", "：", "∶", "꞉", "﹕": true
        default: false
        }
    }

    private static func endOfDigits(in run: [Unicode.Scalar], from start: Int) -> Int {
        var end = start
        while end < run.count, run[end].digit != nil { end += 1 }
        return end
    }

    /// Digits, then a colon and two digits, once or more, then perhaps a fraction.
    private static func endOfTime(in run: [Unicode.Scalar], from start: Int) -> Int? {
        var end = endOfDigits(in: run, from: start)
        let afterFirst = end
        while end < run.count, isColon(run[end]), endOfDigits(in: run, from: end + 1) == end + 3 { end += 3 }
        guard end > afterFirst else { return nil }
        if end < run.count, run[end] == "." {
            let fraction = endOfDigits(in: run, from: end + 1)
            if fraction > end + 1 { end = fraction }
        }
        return end
    }
}
