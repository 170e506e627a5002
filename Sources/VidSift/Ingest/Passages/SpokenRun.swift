internal import Captions

/// A run of characters of a cue that are spoken, without spaces, with the time at which they are.
struct SpokenRun {
    var text: Substring
    /// Where it begins in the cue's text, in UTF-8 bytes.
    var offset: Int
    var start: MediaTime
    var end: MediaTime
    var precision: TimePrecision
}

extension Cue {
    /// A cue longer than this tells little about the moment of a word inside it.
    static let longestExact = MediaTime(milliseconds: 15_000)

    /// What is spoken, in order: with the words' own times where the cue has them, else with estimated ones.
    var spokenRuns: [SpokenRun] { timedRuns ?? estimatedRuns }

    /// The mark from which the speaker's name was taken; what is spoken before it is not that speaker's.
    var namingMark: Mark? {
        guard let speaker, let mark = marks.first, mark.kind == .speakerChange, slice(mark.range).contains(speaker)
        else { return nil }
        return mark
    }

    /// Words with times of their own; nil where there are none, or marks that can't be told from them.
    private var timedRuns: [SpokenRun]? {
        guard !words.isEmpty else { return nil }
        if marks.isEmpty { return words.indices.map { timedRun(words[$0].text[...], at: 0, word: $0) } }
        guard let places = placesOfWords else { return nil }
        var runs: [SpokenRun] = []
        var stretches = stretchesOfSpeech[...]
        for (word, place) in places.enumerated() {
            while let stretch = stretches.first, stretch.upperBound <= place.lowerBound { stretches.removeFirst() }
            for stretch in stretches {
                guard stretch.lowerBound < place.upperBound else { break }
                let piece = stretch.clamped(to: place)
                runs.append(timedRun(slice(piece), at: piece.lowerBound, word: word))
            }
        }
        return runs
    }

    /// A word, or what a mark leaves of it; one without an end lasts until the next begins.
    private func timedRun(_ text: Substring, at offset: Int, word: Int) -> SpokenRun {
        let start = words[word].start
        let next = word + 1 < words.count ? words[word + 1].start : end
        return SpokenRun(
            text: text, offset: offset, start: start, end: max(start, words[word].end ?? next), precision: .word)
    }

    /// Words whose times are estimated by their place in what is spoken.
    private var estimatedRuns: [SpokenRun] {
        let pieces = stretchesOfSpeech.flatMap { slice($0).split(separator: " ") }
        let length = max(1, pieces.reduce(-1) { $0 + $1.utf8.count + 1 })
        let duration = end.milliseconds - start.milliseconds
        let isExact = duration <= Self.longestExact.milliseconds
        var position = 0
        return pieces.map { piece in
            let from = position
            let to = from + piece.utf8.count
            position = to + 1
            return SpokenRun(
                text: piece, offset: text.utf8.distance(from: text.startIndex, to: piece.startIndex),
                start: MediaTime(milliseconds: start.milliseconds + duration * from / length),
                end: MediaTime(milliseconds: start.milliseconds + duration * to / length),
                precision: isExact || from == 0 ? .cue : .passage)
        }
    }

    /// Where the words stand in the text; nil where they are not the text's.
    private var placesOfWords: [Range<Int>]? {
        var rest = text.utf8[...]
        var offset = 0
        var places: [Range<Int>] = []
        for word in words {
            let spaces = rest.prefix { $0 == UInt8(ascii: " ") }.count
            rest = rest.dropFirst(spaces)
            guard rest.starts(with: word.text.utf8) else { return nil }
            let count = word.text.utf8.count
            rest = rest.dropFirst(count)
            places.append(offset + spaces..<offset + spaces + count)
            offset += spaces + count
        }
        return places
    }

    /// The text between the marks, as UTF-8 offsets.
    private var stretchesOfSpeech: [Range<Int>] {
        let count = text.utf8.count
        var stretches: [Range<Int>] = []
        var position = 0
        for mark in marks {
            let from = min(max(position, mark.range.lowerBound), count)
            if from > position { stretches.append(position..<from) }
            position = max(from, min(mark.range.upperBound, count))
        }
        if position < count { stretches.append(position..<count) }
        return stretches
    }

    private func slice(_ range: Range<Int>) -> Substring {
        let utf8 = text.utf8
        let bounds = range.clamped(to: 0..<utf8.count)
        let from = utf8.index(utf8.startIndex, offsetBy: bounds.lowerBound)
        return text[from..<utf8.index(from, offsetBy: bounds.count)]
    }
}
