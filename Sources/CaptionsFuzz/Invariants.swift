import Captions

/// What every transcript must be, whatever was read.
enum Invariants {
    /// What is wrong with `transcript`, or nil.
    static func violation(_ transcript: Transcript, inputBytes: Int) -> String? {
        if transcript.cues.isEmpty { return "no cue and no error" }
        if transcript.repairs.count > Transcript.maximumRepairs { return "too many repairs" }
        var last = MediaTime.zero
        for cue in transcript.cues {
            if cue.start < last { return "cues out of order" }
            if cue.end < cue.start { return "an end before its start" }
            if let problem = violation(cue) { return problem }
            last = cue.start
        }
        return roundTrip(transcript)
    }

    private static func violation(_ cue: Cue) -> String? {
        let text = cue.text.utf8
        if text.isEmpty { return "an empty cue" }
        if text.first == 0x20 || text.last == 0x20 { return "white space at an end" }
        if text.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "a control character" }
        var position = 0
        for mark in cue.marks {
            if mark.range.lowerBound < position || mark.range.upperBound > text.count || mark.range.isEmpty {
                return "a mark outside"
            }
            position = mark.range.upperBound
        }
        var start = cue.start
        for word in cue.words {
            if word.text.isEmpty || word.text.utf8.contains(0x20) { return "an empty word or one with a space" }
            if word.start < start || word.start > cue.end { return "a word out of order or outside its cue" }
            if let end = word.end, end < word.start || end > cue.end { return "a word's end out of order" }
            start = word.start
        }
        if !cue.words.isEmpty, cue.words.flatMap(\.text.utf8) != text.filter({ $0 != 0x20 }) {
            return "words unlike the text"
        }
        return cue.spoken.utf8.count > text.count ? "more spoken than text" : nil
    }

    /// What is written must be read again as the same cues.
    private static func roundTrip(_ transcript: Transcript) -> String? {
        for format in [CaptionFormat.webVTT, .subRip, .json3] {
            let written = transcript.formatted(as: format)
            do {
                let again = try Transcript(captions: Array(written.utf8), format: format, rolling: .keep)
                if let problem = difference(transcript.cues, again.cues, format) {
                    return "\(format.rawValue) round trip: \(problem)"
                }
            } catch {
                return "\(format.rawValue) round trip: \(error)"
            }
        }
        return nil
    }

    private static func difference(_ before: [Cue], _ after: [Cue], _ format: CaptionFormat) -> String? {
        if before.count != after.count { return "\(before.count) cues became \(after.count)" }
        for (old, new) in zip(before, after) {
            if old.start != new.start || old.end != new.end { return "other times" }
            if old.text != new.text { return "\(old.text.debugDescription) became \(new.text.debugDescription)" }
            if old.marks != new.marks { return "other marks in \(old.text.debugDescription)" }
            if old.speaker != new.speaker { return "\(old.speaker ?? "nobody") became \(new.speaker ?? "nobody")" }
            if format == .json3, old.words != new.words { return "other words in \(old.text.debugDescription)" }
            if format == .webVTT, old.words.map(\.start) != new.words.map(\.start) {
                return "other word times in \(old.text.debugDescription)"
            }
        }
        return nil
    }
}
