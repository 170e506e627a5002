import Captions

/// Checks that four times the bytes take about four times as long, for files made to be slow.
enum LinearTime {
    /// The size of the larger files, in bytes.
    static let largeBytes = 16 << 20
    /// How many times as long four times the bytes may take: linear is 4, quadratic 16.
    static let maximumRatio = 9.0
    /// Below this many seconds a ratio says nothing.
    static let noiseSeconds = 0.05

    private static let pieces: [(name: String, head: String, piece: String, formats: [CaptionFormat])] = {
        let timed: [CaptionFormat] = [.webVTT, .subRip]
        let xml: [CaptionFormat] = [.srv1, .srv3, .ttml]
        let cue = "00:00:01.000 --> 00:00:02.000\n"
        return [
            ("all <", cue, "<", timed + xml), ("all <a", cue, "<a", timed + xml), ("all &", cue, "&", timed + xml),
            ("all &a", cue, "&a", timed + xml), ("nested tags", cue, "<c>", timed), ("arrows", "", "-->", timed),
            ("arrow lines", "", "1 --> 2\n", timed), ("one line", cue, "word ", timed + [.sbv, .lrc, .text]),
            ("numbers", cue, "1\n", timed), ("new lines", cue, "\n", CaptionFormat.allCases),
            ("cues", "", "00:01 --> 00:02\na\n\n", timed), ("same line", "", "00:01 --> 00:02\nno no no no\n\n", timed),
            ("stamps", cue, "<00:00:01.000>a", timed), ("voices", "", "00:01 --> 00:02\n<v A\u{301}>x\n\n", timed),
            ("brackets", cue, "[(", timed + [.sbv, .text]), ("marks", "", "[0:01", [.text, .lrc]),
            ("stars", "[0:01] ", "**", [.text]),
            ("links", "[0:01] **a** ", "[a](", [.text]), ("repeats", "", "[0:01]", [.text, .lrc]),
            ("colons", cue, "A:", timed),
            ("deep JSON", "{\"events\":", "[", [.json3]),
            ("deep objects", "{\"events\":[{\"segs\":[", "{\"a\":", [.json3]),
            ("events", "{\"events\":[", "{\"tStartMs\":1,\"segs\":[{\"utf8\":\"a\"}]},", [.json3]),
            ("quotes", "{\"events\":[", "\"", [.json3]),
            ("escapes", "{\"events\":[{\"tStartMs\":1,\"segs\":[{\"utf8\":\"", "\\u0041", [.json3]),
            ("open elements", "<tt><body>", "<div begin=\"1s\">", [.ttml]),
            ("paragraphs", "<tt>", "<p begin=\"1s\">a</p>", xml),
            ("comments", "<tt>", "<!--", xml), ("quoted", "<tt>", "<p a=\"", xml),
            ("attributes", "<tt><p ", "a=\"1\" ", xml),
        ]
    }()

    /// Whether all of them are linear.
    static func check() -> Bool {
        var isLinear = true
        for (name, head, piece, formats) in pieces {
            for format in formats {
                let small = seconds(format, bytes(head, piece, largeBytes / 4))
                let large = seconds(format, bytes(head, piece, largeBytes))
                let ratio = large / max(small, noiseSeconds / 4)
                let isSlow = large > noiseSeconds && ratio > maximumRatio
                if isSlow { isLinear = false }
                if isSlow || large > 1 {
                    print(
                        "\(isSlow ? "NOT LINEAR" : "slow but linear"): \(name) as \(format.rawValue): \(small) s, \(large) s"
                    )
                }
            }
        }
        print(isLinear ? "linear: \(pieces.count) shapes up to \(largeBytes >> 20) MiB" : "not linear")
        return isLinear
    }

    private static func bytes(_ head: String, _ piece: String, _ count: Int) -> [UInt8] {
        var bytes = Array(head.utf8)
        bytes.reserveCapacity(count + 64)
        while bytes.count < count { bytes.append(contentsOf: piece.utf8) }
        return bytes
    }

    private static func seconds(_ format: CaptionFormat, _ bytes: [UInt8]) -> Double {
        let start = ContinuousClock.now
        _ = try? Transcript(captions: bytes, format: format)
        return Double((ContinuousClock.now - start) / .microseconds(1)) / 1e6
    }
}
