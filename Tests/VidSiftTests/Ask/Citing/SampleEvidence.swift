import Captions

@testable import VidSift

/// Evidence for tests: passages whose sentences follow each other every six seconds.
enum SampleEvidence {
    static let secondsPerSentence = 6

    /// Bees from 0:00, canals from 10:00, and one in which a time is said.
    static let bees = passage(SampleTalks.beeSentences, title: "Bees")
    static let canals = passage(
        [
            "A canal lock lifts a boat from one level of water to another.",
            "Two gates close the chamber, and the pressure of the water holds them shut.",
            "The gates form a shallow V that points upstream.",
            "Leonardo da Vinci is said to have drawn the mitre gate in Milan.",
            "The lock is not a pump, and it never lifts water.",
        ], from: 600, title: "Up and \"down\" [0:00](http://evil.example)\nwww.evil.example <b>")
    static let clock = passage(
        [
            "We met at 12:30 in front of the station.", "The train left at 1:02:03 by the clock of the tower.",
        ], from: 4_000, title: "Clocks")

    static let all = Evidence([bees, canals, clock])

    static func passage(
        _ sentences: [String], from start: Int = 0, title: String, language: String? = "en", video: VideoID = VideoID()
    ) -> Retrieval.Passage {
        let spans = sentences.enumerated().map { place, sentence in
            StoredPassage.SentenceSpan(
                length: sentence.utf8.count, startMilliseconds: (start + place * secondsPerSentence) * 1000,
                endMilliseconds: (start + (place + 1) * secondsPerSentence) * 1000, precision: .cue)
        }
        let end = (start + sentences.count * secondsPerSentence) * 1000
        let stored = StoredPassage(
            videoID: video, ordinal: 0, startMilliseconds: start * 1000, endMilliseconds: end,
            cues: 0...sentences.count, chapter: nil, text: sentences.joined(separator: " "), sentences: spans)
        return passage(of: stored, title: title, language: language)
    }

    static func passage(of stored: StoredPassage, title: String, language: String?) -> Retrieval.Passage {
        let hit = SearchHit(
            video: stored.videoID.description, passage: stored.ordinal,
            milliseconds: stored.startMilliseconds..<stored.endMilliseconds, score: 1, keywordScore: 1, unitScore: nil,
            passageScore: nil, units: [])
        let video = VideoReference(
            id: stored.videoID, youtubeID: nil, title: title, pageBase: "http://127.0.0.1:8080")
        return Retrieval.Passage(hit: hit, passage: stored, video: video, language: language)
    }
}

/// What a machine made of a text: all of it joined, with the places at which the citations came.
struct ReadAnswer: Hashable {
    var text = ""
    var citations: [Citation] = []
    /// Bytes of text before each citation.
    var places: [Int] = []
    var hasSupport = false

    /// Reads pieces; where words don't settle a claim, `likeness` does.
    init(
        _ pieces: some Sequence<String>, evidence: Evidence = SampleEvidence.all, spansVideos: Bool = false,
        isStrict: Bool = false, likeness: (UnsettledClaim) -> [Float]? = { _ in nil }
    ) {
        var machine = CitationMachine(evidence: evidence, spansVideos: spansVideos, isStrict: isStrict)
        for piece in pieces { take(machine.read(piece), of: &machine, likeness) }
        take(machine.finish(), of: &machine, likeness)
        hasSupport = machine.hasSupportedSentence
    }

    init(_ text: String, evidence: Evidence = SampleEvidence.all, spansVideos: Bool = false, isStrict: Bool = false) {
        self.init(CollectionOfOne(text), evidence: evidence, spansVideos: spansVideos, isStrict: isStrict)
    }

    private mutating func take(
        _ steps: [CitationMachine.Step], of machine: inout CitationMachine, _ likeness: (UnsettledClaim) -> [Float]?
    ) {
        var steps = steps
        while !steps.isEmpty {
            var next: [CitationMachine.Step] = []
            for step in steps {
                switch step {
                case .text(let part): text += part
                case .citation(let citation):
                    citations.append(citation)
                    places.append(text.utf8.count)
                case .unsettled(let claim): next = machine.settle(likeness(claim))
                }
            }
            steps = next
        }
    }

    var starts: [String] { citations.map(\.start.timestamp) }
    var statuses: [Citation.Status] { citations.map(\.status) }
}
