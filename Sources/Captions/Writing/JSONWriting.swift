/// The module's own JSON: json3 with `title`, `language`, `chapters`, `speaker` in an event and `dMs` in a word.
extension CaptionWriter {
    mutating func writeJSON(_ transcript: Transcript) {
        write("{\"wireMagic\":\"pb3\"")
        if let title = transcript.title { writeField("title", title) }
        if let language = transcript.language { writeField("language", language) }
        if !transcript.chapters.isEmpty { writeChapters(transcript.chapters) }
        write(",\"events\":[")
        for (index, cue) in transcript.cues.enumerated() {
            write(index == 0 ? "\n" : ",\n")
            writeEvent(cue)
        }
        write("\n]}\n")
    }

    private mutating func writeChapters(_ chapters: [Chapter]) {
        write(",\"chapters\":[")
        for (index, chapter) in chapters.enumerated() {
            write("\(index == 0 ? "" : ","){\"tStartMs\":\(chapter.start.milliseconds)")
            writeField("title", chapter.title)
            write("}")
        }
        write("]")
    }

    private mutating func writeEvent(_ cue: Cue) {
        write(
            "{\"tStartMs\":\(cue.start.milliseconds),\"dDurationMs\":\(cue.end.milliseconds - cue.start.milliseconds)")
        if let speaker = cue.speaker { writeField("speaker", speaker) }
        write(",\"segs\":[")
        if cue.words.isEmpty { writeSegment(cue.text[...], word: nil, cue) } else { writeWords(cue) }
        write("]}")
    }

    /// One segment a word, the white space before it included; what is no word goes with the word before.
    private mutating func writeWords(_ cue: Cue) {
        var rest = cue.text[...]
        for (index, word) in cue.words.enumerated() {
            let spaces = rest.utf8.prefix { $0 == 0x20 }
            let next = rest.utf8.dropFirst(spaces.count)
            guard next.starts(with: word.text.utf8) else { continue }
            if index > 0 { write(",") }
            let length = spaces.count + word.text.utf8.count
            writeSegment(Substring(rest.utf8.prefix(length)), word: word, cue)
            rest = Substring(rest.utf8.dropFirst(length))
        }
        if !rest.isEmpty {
            write(",")
            writeSegment(rest, word: nil, cue)
        }
    }

    private mutating func writeSegment(_ text: Substring, word: Word?, _ cue: Cue) {
        write("{\"utf8\":")
        writeString(text)
        if let word {
            write(",\"tOffsetMs\":\(word.start.milliseconds - cue.start.milliseconds)")
            if let end = word.end { write(",\"dMs\":\(end.milliseconds - word.start.milliseconds)") }
        }
        write("}")
    }

    private mutating func writeField(_ name: StaticString, _ value: String) {
        write(",\"")
        write(name)
        write("\":")
        writeString(value[...])
    }

    private mutating func writeString(_ text: Substring) {
        write(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22: write("\\\"")
            case 0x5C: write("\\\\")
            case 0x0A: write("\\n")
            case ..<0x20: write("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))")
            default: write(byte)
            }
        }
        write(0x22)
    }
}
