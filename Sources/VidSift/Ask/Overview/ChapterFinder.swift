/// Finds where a video's subject changes, for videos whose makers have set no chapters.
enum ChapterFinder {
    /// The most chapters, and the time that each has at least on average.
    static let maximumChapters = 12
    static let usualLength = 180_000
    /// The shortest chapter.
    static let shortest = 60_000
    /// The likeness must fall by so much.
    static let leastDepth: Float = 0.05

    /// The places in `text.passages` with which chapters begin; the first is 0.
    static func starts(in text: VideoText) -> [Int] {
        let places = text.passages.map(\.ordinal)
        let depths = TopicShift.depths(TopicShift.likeness(text.segment, at: places))
        let wanted = min(maximumChapters, max(1, text.end / usualLength))
        var chosen = [0]
        for place in depths.indices.sorted(by: { (depths[$0], $1) > (depths[$1], $0) }) where chosen.count < wanted {
            guard depths[place] >= leastDepth, isFarFromEnds(place, chosen, text) else { continue }
            chosen.append(place)
        }
        return chosen.sorted()
    }

    private static func isFarFromEnds(_ place: Int, _ chosen: [Int], _ text: VideoText) -> Bool {
        let start = text.passages[place].startMilliseconds
        return text.end - start >= shortest
            && chosen.allSatisfy { abs(text.passages[$0].startMilliseconds - start) >= shortest }
    }
}

/// Names chapters after the words that set them apart.
enum KeyTermTitles {
    private static let terms = 3
    private static let shortestTerm = 3
    /// The longest title in characters.
    static let maximumLength = 80

    /// A title for each text; "Part 2" where it has no word of its own.
    static func titles(of chapters: [String], language: String?) -> [String] {
        let words = chapters.map { countedWords($0, language: language) }
        var chaptersWith: [UInt64: Int] = [:]
        for chapter in words { for word in chapter.keys { chaptersWith[word, default: 0] += 1 } }
        return words.enumerated().map { place, chapter in
            let best = chapter.sorted { one, other in
                let scores = [one, other].map {
                    weight($0.value.count, in: chaptersWith[$0.key] ?? 1, of: chapters.count)
                }
                return scores[0] != scores[1] ? scores[0] > scores[1] : one.value.first < other.value.first
            }
            let chosen = best.prefix(terms).sorted { $0.value.first < $1.value.first }.map(\.value.text)
            guard let first = chosen.first else { return "Part \(place + 1)" }
            let title = ([first.prefix(1).uppercased() + first.dropFirst()] + chosen.dropFirst()).joined(
                separator: ", ")
            return String(title.prefix(maximumLength))
        }
    }

    private struct Counted {
        var text: String
        var count: Int
        var first: Int
    }

    private static func weight(_ count: Int, in chapters: Int, of all: Int) -> Double {
        Double(count) * (all > 1 ? Double(all - chapters) / Double(all) + 0.05 : 1)
    }

    private static func countedWords(_ text: String, language: String?) -> [UInt64: Counted] {
        let bytes = Array(text.utf8)
        var words: [UInt64: Counted] = [:]
        for term in TextAnalysis(language: language).terms(in: text) where !term.isStopWord {
            if let known = words[term.hash] {
                words[term.hash]?.count = known.count + 1
                continue
            }
            let word = String(decoding: bytes[term.range], as: UTF8.self)
            guard word.count >= shortestTerm || word.unicodeScalars.contains(where: UnspacedFollowUp.isUnspaced),
                word.contains(where: \.isLetter),
                !FollowUpLexicon.all.contains(where: { $0.function.contains(word.lowercased()) })
            else { continue }
            words[term.hash] = Counted(text: word, count: 1, first: term.range.lowerBound)
        }
        return words
    }
}
