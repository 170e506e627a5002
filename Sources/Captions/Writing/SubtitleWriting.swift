/// WebVTT and SubRip.
extension CaptionWriter {
    mutating func writeWebVTT(_ transcript: Transcript) {
        write("WEBVTT")
        if let title = transcript.title { write(" - \(escaped(CaptionWriter.oneLine(title)))") }
        write("\n")
        if let language = transcript.language { write("Language: \(CaptionWriter.oneLine(language))\n") }
        for cue in transcript.cues {
            write("\n")
            write(cue.start)
            write(" --> ")
            write(cue.end)
            write("\n")
            if let speaker = cue.speaker { write("<v \(escaped(CaptionWriter.oneLine(speaker)))>") }
            if cue.words.isEmpty { write(escaped(CaptionWriter.oneLine(cue.text))) } else { writeWords(cue) }
            write("\n")
        }
    }

    /// The text with a stamp before each word whose time is not the cue's start.
    private mutating func writeWords(_ cue: Cue) {
        var rest = Substring(CaptionWriter.oneLine(cue.text))
        for (index, word) in cue.words.enumerated() {
            while rest.utf8.first == 0x20 {
                write(" ")
                rest = Substring(rest.utf8.dropFirst())
            }
            guard !word.text.isEmpty, rest.utf8.starts(with: word.text.utf8) else { continue }
            if index > 0 || word.start != cue.start || cue.words.count == 1 {
                write("<")
                write(word.start)
                write(">")
            }
            write(escaped(word.text))
            rest = Substring(rest.utf8.dropFirst(word.text.utf8.count))
        }
        write(escaped(String(rest)))
    }

    mutating func writeSubRip(_ transcript: Transcript) {
        for (index, cue) in transcript.cues.enumerated() {
            write("\(index + 1)\n")
            write(cue.start, separator: 0x2C)
            write(" --> ")
            write(cue.end, separator: 0x2C)
            write("\n")
            if let speaker = cue.speaker { write("<v \(escaped(CaptionWriter.oneLine(speaker)))>") }
            write(guarded(CaptionWriter.oneLine(cue.text)))
            write("\n\n")
        }
    }

    /// With `&`, `<`, `>` as entities.
    private func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E }) else { return text }
        var output: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x26: output += "&amp;".utf8
            case 0x3C: output += "&lt;".utf8
            case 0x3E: output += "&gt;".utf8
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// SubRip has no entities for most players: only what would be read as a tag, an entity or a time line is escaped.
    private func guarded(_ text: String) -> String {
        let utf8 = Array(text.utf8)
        guard utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E || $0 == 0x7B }) else { return text }
        var output: [UInt8] = []
        for (index, byte) in utf8.enumerated() {
            let next = index + 1 < utf8.count ? utf8[index + 1] : 0
            switch byte {
            case 0x26 where next.isLetter || next == 0x23: output += "&amp;".utf8
            case 0x3C where next.isLetter || next.isDigit || next == 0x2F: output += "&lt;".utf8
            case 0x3E where index > 0 && utf8[index - 1] == 0x2D: output += "&gt;".utf8
            case 0x7B where next == 0x5C: output += "&#123;".utf8
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
