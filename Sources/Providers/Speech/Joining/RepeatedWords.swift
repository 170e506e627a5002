/// Finds words that come again and again: speech models get caught in loops where they hear nothing clearly.
struct RepeatedWords {
    /// How often the same words must come in a row to be a loop, by how many they are. People do say a word six times;
    /// nobody says the same sentence three times in one breath. (Our own figures.)
    struct Limits: Sendable, Hashable, Codable {
        /// For a single word ("no, no, no").
        var word = 8
        /// For two or three words ("thank you, thank you").
        var phrase = 5
        /// For more.
        var sentence = 3
        /// Longer loops are not looked for. (Whisper's windows have 30 seconds: 75 words.)
        var longest = 40

        func minimum(for length: Int) -> Int {
            switch length {
            case 1: word
            case 2...3: phrase
            default: sentence
            }
        }
    }

    /// The words of loops after their first time, as flags. A word is given by what it is recognised by.
    static func areLoops(_ words: [String], _ limits: Limits = Limits()) -> [Bool] {
        var flags = [Bool](repeating: false, count: words.count)
        var index = 0
        while index < words.count {
            guard let loop = loop(at: index, words, limits) else {
                index += 1
                continue
            }
            for surplus in index + loop.length..<index + loop.length * loop.times { flags[surplus] = true }
            index += loop.length * loop.times
        }
        return flags
    }

    private static func loop(at index: Int, _ words: [String], _ limits: Limits) -> (length: Int, times: Int)? {
        for length in 1...limits.longest where index + length * 2 <= words.count {
            var same = 0
            while index + length + same < words.count, words[index + same] == words[index + length + same] { same += 1 }
            let times = same / length + 1
            if times >= limits.minimum(for: length) { return (length, times) }
        }
        return nil
    }

    /// The share of words that stand in three words in a row which were there before, from 0 to 1.
    static func repeatedShare(_ words: [String]) -> Double {
        guard words.count >= runLength else { return 0 }
        var seen = Set<[String]>()
        var repeated = [Bool](repeating: false, count: words.count)
        for start in 0...words.count - runLength where !seen.insert(Array(words[start..<start + runLength])).inserted {
            for index in start..<start + runLength { repeated[index] = true }
        }
        return Double(repeated.count(where: \.self)) / Double(words.count)
    }

    private static let runLength = 3
}
