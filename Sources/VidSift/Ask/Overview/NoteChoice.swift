/// Chooses what of a model's notes, and of the passages that they were taken from, goes into the prompt of the answer:
/// from each group its first note, then the second, each with a passage that says it; pure.
struct NoteChoice: Sendable {
    /// The most passages.
    static let maximumPassages = 80
    /// The most passages of a group of which there are no notes.
    static let maximumStandIns = 8

    /// A note with the numbers of passages that were chosen, counted from 1.
    struct Note: Sendable, Hashable {
        var text: String
        var numbers: [Int]
    }

    private(set) var notes: [Note] = []
    /// In reading order: number 1 is the first.
    private(set) var passages: [Retrieval.Passage] = []
    /// What is left for the passages.
    private(set) var passageTokens: Int

    /// - Parameter tokens: what notes and passages may have together.
    init(of readings: [DigestReading], tokens: Int) {
        passageTokens = tokens
        let entries = Self.inRounds(readings.enumerated().map { Self.entries(of: $1, group: $0) })
        var purse = Purse(readings: readings, left: tokens)
        let taken = entries.filter { purse.take($0) }
        for entry in taken { purse.addPassages(of: entry) }
        // A passage that alone is too long is cut.
        if taken.isEmpty, let place = entries.first?.places.first { purse.kept.insert(place) }
        let kept = purse.kept.sorted()
        passages = kept.map { readings[$0.group].passages[$0.passage] }
        notes = taken.filter { !$0.text.isEmpty }.sorted { ($0.group, $0.rank) < ($1.group, $1.rank) }.map { entry in
            let numbers = entry.places.compactMap { kept.firstIndex(of: $0).map { $0 + 1 } }
            passageTokens -= NotesFence.tokens(of: entry.text, numbers: entry.places.count)
            return Note(text: entry.text, numbers: numbers)
        }
    }

    /// Which passage of which group.
    private struct Place: Hashable, Comparable {
        var group: Int
        var passage: Int

        static func < (one: Place, other: Place) -> Bool {
            (one.group, one.passage) < (other.group, other.passage)
        }
    }

    /// A note, or a passage that stands in for notes: then its text is empty.
    private struct Entry {
        var group: Int
        var rank: Int
        var text: String
        var places: [Place]
    }

    private static func entries(of reading: DigestReading, group: Int) -> [Entry] {
        guard !reading.isRead else {
            return reading.notes.enumerated().map { rank, note in
                Entry(
                    group: group, rank: rank, text: note.text,
                    places: note.places.map { Place(group: group, passage: $0) })
            }
        }
        let places = DigestChoice.bestPlaces(ofEach: reading.passages)
        return DigestChoice.evenly(places, atMost: maximumStandIns).enumerated().map { rank, place in
            Entry(group: group, rank: rank, text: "", places: [Place(group: group, passage: place)])
        }
    }

    private static func inRounds(_ groups: [[Entry]]) -> [Entry] {
        (0..<(groups.map(\.count).max() ?? 0)).flatMap { rank in
            groups.compactMap { rank < $0.count ? $0[rank] : nil }
        }
    }

    /// The tokens that are left, and what they were spent on.
    private struct Purse {
        let readings: [DigestReading]
        var left: Int
        var kept: Set<Place> = []

        /// Takes a note with the first passage that says it, if both fit.
        mutating func take(_ entry: Entry) -> Bool {
            guard let place = entry.places.first else { return false }
            let note = entry.text.isEmpty ? 0 : NotesFence.tokens(of: entry.text, numbers: entry.places.count)
            let cost = note + self.cost(of: place)
            guard cost <= left, kept.contains(place) || kept.count < maximumPassages else { return false }
            left -= cost
            kept.insert(place)
            return true
        }

        /// Takes the other passages that say the same.
        mutating func addPassages(of entry: Entry) {
            for place in entry.places.dropFirst() {
                let cost = cost(of: place)
                guard cost <= left, kept.count < maximumPassages else { continue }
                left -= cost
                kept.insert(place)
            }
        }

        private func cost(of place: Place) -> Int {
            kept.contains(place) ? 0 : PassageFence.tokens(of: readings[place.group].passages[place.passage])
        }
    }
}
