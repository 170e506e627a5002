internal import Captions

/// Every sentence of a scope in which something is said: counted to the last, listed as far as one wants to read.
package struct Mentions: Sendable {
    /// The most moments that are listed.
    package static let maximumListed = 50

    /// A sentence in which it is said.
    package struct Moment: Sendable {
        package var passage: Retrieval.Passage
        /// The passage's number among `passages`, from 1.
        package var number: Int
        var sentence: SpokenSentence
    }

    /// What was sought; in quotation marks where the words must follow one another.
    package var phrase: String
    /// Sentences in which it is said.
    package var total: Int
    /// How often it is said in them.
    package var times: Int
    /// Videos in which it is said.
    package var videos: Int
    /// The passages of the listed moments.
    package var passages: [Retrieval.Passage]
    /// Some of each video, in the order of videos and time.
    package var moments: [Moment]
    package var coverage: Coverage
    package var searchMilliseconds: Double
}

extension Retriever {
    /// Finds every sentence of a scope that holds all words of a phrase, those in quotation marks in their order.
    ///
    /// - Parameter limit: the most moments that are listed; all are counted.
    /// - Throws: `DatabaseError`, `CancellationError`.
    package func mentions(
        of phrase: String, in scope: Scope, limit: Int = Mentions.maximumListed
    ) async throws -> Mentions {
        let start = ContinuousClock.now
        let counted = try await count(QueryText(phrase), in: scope)
        let listed = counted.listed(atMost: min(limit, Mentions.maximumListed))
        let passages = try await read(Array(Set(listed.map(\.passage))))
        var mentions = Mentions(
            phrase: phrase, total: counted.total, times: counted.times, videos: counted.videos.count, passages: [],
            moments: [], coverage: try await Video.coverage(of: scope, on: database), searchMilliseconds: 0)
        for place in listed {
            guard let passage = passages[place.passage], let sentence = passage.passage.sentence(at: place.sentence)
            else { continue }
            mentions.add(passage, sentence)
        }
        mentions.searchMilliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        return mentions
    }

    /// Reads the text of every passage that may hold it, some at a time.
    private func count(_ text: QueryText, in scope: Scope) async throws -> CountedMentions {
        let matches = try await cache.passages(holding: text, in: scope).sorted { $0.video < $1.video }
        let languages = Dictionary(matches.map { ($0.video, $0.language) }, uniquingKeysWith: { first, _ in first })
        let keys = matches.flatMap { match in
            VideoID(match.video).map { video in match.passages.map { (video, $0) } } ?? []
        }
        let finder = MentionFinder(text)
        var counted = CountedMentions()
        for start in stride(from: 0, to: keys.count, by: StoredPassage.maximumPerQuery) {
            let part = Array(keys[start..<min(keys.count, start + StoredPassage.maximumPerQuery)])
            let passages = try await StoredPassage.get(part, on: database)
            for passage in passages.sorted(by: { ($0.videoID, $0.ordinal) < ($1.videoID, $1.ordinal) }) {
                let language = languages[passage.videoID.description] ?? ""
                counted.add(finder.sentences(of: passage, language: language), in: passage)
            }
        }
        return counted
    }

    private func read(_ keys: [PassagePlace]) async throws -> [PassagePlace: Retrieval.Passage] {
        let stored = try await StoredPassage.get(keys.map { ($0.video, $0.ordinal) }, on: database)
        let videos = try await Video.get(Array(Set(keys.map(\.video))), on: database)
        var passages: [PassagePlace: Retrieval.Passage] = [:]
        for passage in stored {
            guard let video = videos[passage.videoID] else { continue }
            passages[PassagePlace(video: passage.videoID, ordinal: passage.ordinal)] = Retrieval.Passage(
                hit: SearchHit(unfound: passage, score: 1), passage: passage, video: video, pageBase: pageBase)
        }
        return passages
    }
}

/// Which passage of which video.
struct PassagePlace: Hashable {
    var video: VideoID
    var ordinal: Int
}

/// The mentions that were counted so far, and where they are.
struct CountedMentions {
    /// A sentence in which it is said.
    struct Place: Hashable {
        var passage: PassagePlace
        var sentence: Int
    }

    /// A sentence of a video: passages overlap, and each sentence counts once.
    private struct Moment: Hashable {
        var start: Int
        var end: Int
        var length: Int
    }

    private(set) var total = 0
    private(set) var times = 0
    /// The places in each video that has some, as many as can be listed.
    private(set) var videos: [[Place]] = []
    private var video: VideoID?
    private var timesInVideo: [Moment: Int] = [:]

    /// - Parameter passage: one that comes behind those of before: video by video, in reading order.
    mutating func add(_ found: [MentionFinder.Found], in passage: StoredPassage) {
        guard !found.isEmpty else { return }
        if passage.videoID != video {
            video = passage.videoID
            timesInVideo = [:]
            videos.append([])
        }
        let place = PassagePlace(video: passage.videoID, ordinal: passage.ordinal)
        for sentence in found { count(sentence, passage.sentences[sentence.place], in: place) }
    }

    private mutating func count(
        _ found: MentionFinder.Found, _ span: StoredPassage.SentenceSpan, in passage: PassagePlace
    ) {
        let moment = Moment(start: span.startMilliseconds, end: span.endMilliseconds, length: span.length)
        let known = timesInVideo[moment]
        if known == nil {
            total += 1
            if videos[videos.count - 1].count < Mentions.maximumListed {
                videos[videos.count - 1].append(Place(passage: passage, sentence: found.place))
            }
        }
        // The end of a phrase may lie in the next passage only.
        times += max(0, found.times - (known ?? 0))
        timesInVideo[moment] = max(known ?? 0, found.times)
    }

    /// The first ones of each video, as many of each as there is room for.
    func listed(atMost limit: Int) -> [Place] {
        var taken = videos.map { _ in 0 }
        var count = 0
        var round = 0
        while count < limit {
            let before = count
            for (index, places) in videos.enumerated() where count < limit && places.count > round {
                taken[index] += 1
                count += 1
            }
            if count == before { break }
            round += 1
        }
        return zip(videos, taken).flatMap { $0.prefix($1) }
    }
}

extension Mentions {
    fileprivate mutating func add(_ passage: Retrieval.Passage, _ sentence: SpokenSentence) {
        let known = passages.firstIndex {
            $0.passage.ordinal == passage.passage.ordinal && $0.video.id == passage.video.id
        }
        if known == nil { passages.append(passage) }
        moments.append(Moment(passage: passage, number: (known ?? passages.count - 1) + 1, sentence: sentence))
    }
}

extension StoredPassage {
    /// Its sentence at a place; nil where there is none.
    fileprivate func sentence(at place: Int) -> SpokenSentence? {
        let sentences = spokenSentences
        return sentences.indices.contains(place) ? sentences[place] : nil
    }
}
